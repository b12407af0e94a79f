import { namespaceSchema } from '@shopstream/contracts';
import { InvalidArgumentError } from 'commander';

/** A tenant's name as an option's value. */
export function parseNamespace(text: string): string {
  const { success, data, error } = namespaceSchema.safeParse(text);
  if (success) return data;
  throw new InvalidArgumentError(`It ${error.issues[0]?.message ?? 'is invalid'}.`);
}
