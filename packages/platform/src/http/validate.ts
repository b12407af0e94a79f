import type { z } from 'zod';
import { ApiError } from './api-error.ts';

/** One thing wrong with the input: where (`events[2].price`) and what. */
export interface FieldIssue {
  field: string;
  reason: string;
}

export type Validation<Output> =
  { ok: true; value: Output } | { ok: false; issues: [FieldIssue, ...FieldIssue[]] };

const maxReportedIssues = 100;

/**
 * Checks a value without throwing, for callers that judge many values in one request.
 * @param root the name of the value itself, used when it is wrong as a whole: `body`, `query`
 */
export function validate<Output>(
  schema: z.ZodType<Output>,
  value: unknown,
  root = 'body',
): Validation<Output> {
  const result = schema.safeParse(value);
  return result.success
    ? { ok: true, value: result.data }
    : { ok: false, issues: toFieldIssues(result.error, root) };
}

/**
 * Checks a request's body, query or path.
 * @throws ApiError INVALID_INPUT, or INVALID_USER_ID when the first problem is the user id
 */
export function parseInput<Output>(schema: z.ZodType<Output>, value: unknown, root = 'body'): Output {
  const result = validate(schema, value, root);
  if (result.ok) return result.value;
  throw invalidInput(result.issues);
}

/** The error for input with these problems: `details` has the first one, and all of them under `errors` if there are more. */
export function invalidInput(issues: [FieldIssue, ...FieldIssue[]]): ApiError {
  const [first] = issues;
  const details = { ...first, ...(issues.length > 1 && { errors: issues.slice(0, maxReportedIssues) }) };
  return /(^|\.)user_?id$/i.test(first.field)
    ? new ApiError('INVALID_USER_ID', 'User ID is invalid', { details })
    : new ApiError('INVALID_INPUT', 'Request validation failed', { details });
}

export function toFieldIssues(error: z.core.$ZodError, root: string): [FieldIssue, ...FieldIssue[]] {
  const [first = { field: root, reason: 'is invalid' }, ...rest] = error.issues.flatMap((issue) =>
    flatten(issue, root, []),
  );
  return [first, ...rest];
}

function flatten(issue: z.core.$ZodIssue, root: string, above: readonly PropertyKey[]): FieldIssue[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      field: toField([...path, key], root),
      reason: 'is not a known field',
    }));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    // Of the alternatives, the one with the fewest problems is most likely what was meant.
    const closest = issue.errors.reduce((best, other) => (other.length < best.length ? other : best));
    return closest.flatMap((inner) => flatten(inner, root, path));
  }
  return [{ field: toField(path, root), reason: issue.message }];
}

function toField(path: readonly PropertyKey[], root: string): string {
  if (path.length === 0) return root;
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index > 0 ? '.' : ''}${String(key)}`))
    .join('');
}
