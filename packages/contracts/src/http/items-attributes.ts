import { z } from 'zod';

export type AttributeValue =
  string | number | boolean | null | AttributeValue[] | { [name: string]: AttributeValue };
export type Attributes = Record<string, AttributeValue>;

const MAX_NAMES = 200;
const MAX_NAME_LENGTH = 100;
const MAX_LENGTH = 65_536;
const MAX_LEVELS = 8;

/** What stores cannot keep: NUL, and halves of surrogate pairs. */
export const unstorable = /[\0\p{Cs}]/u;

/** Further attributes of an item: any JSON object within bounds. */
export const attributesSchema = z.unknown().transform((value, context): Attributes => {
  const reason = problemOf(value);
  if (reason === null) return value as Attributes;
  context.addIssue(reason);
  return z.NEVER;
});

function problemOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'must be a JSON object';
  const names = Object.keys(value);
  if (names.length > MAX_NAMES) return `must have at most ${MAX_NAMES} names`;
  if (names.some((name) => name === '' || name.length > MAX_NAME_LENGTH)) {
    return `names must have 1 to ${MAX_NAME_LENGTH} characters`;
  }
  const nested = nestedProblem(value, MAX_LEVELS);
  if (nested !== null) return nested;
  return JSON.stringify(value).length > MAX_LENGTH ? `must have at most ${MAX_LENGTH} characters` : null;
}

function nestedProblem(value: unknown, levels: number): string | null {
  if (typeof value === 'string')
    return unstorable.test(value) ? 'must hold no NUL or broken characters' : null;
  if (typeof value === 'number') return Number.isFinite(value) ? null : 'must hold finite numbers only';
  if (typeof value !== 'object' || value === null) return null;
  if (levels === 0) return `must be nested at most ${MAX_LEVELS} levels deep`;
  for (const [name, inner] of Object.entries(value)) {
    const problem = nestedProblem(name, levels) ?? nestedProblem(inner, levels - 1);
    if (problem !== null) return problem;
  }
  return null;
}
