import { randomBytes } from 'node:crypto';

/**
 * A name nobody else uses, so that test files share servers without sharing topics, groups, keyspaces, databases or keys.
 * Lower-case letters, digits and `_`, safe in all of them. At most 48 characters.
 * @example uniqueName('sessions') // 'sessions_1f9a04c2b7de'
 */
export function uniqueName(prefix: string): string {
  const readable = prefix
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .slice(0, 34);
  return `${readable}_${randomBytes(6).toString('hex')}`;
}
