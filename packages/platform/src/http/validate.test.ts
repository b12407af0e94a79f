import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { validate } from './validate.ts';
import type { FieldIssue } from './validate.ts';

function issues(schema: z.ZodType, value: unknown): FieldIssue[] {
  const result = validate(schema, value);
  return result.ok ? [] : result.issues;
}

describe('validate', () => {
  it('gives the parsed value, defaults filled in', () => {
    expect(validate(z.object({ n: z.number().default(1) }), {})).toEqual({ ok: true, value: { n: 1 } });
  });

  it('names the value itself when it is wrong as a whole', () => {
    expect(issues(z.object({}), 7)).toEqual([
      { field: 'body', reason: 'Invalid input: expected object, received number' },
    ]);
  });

  it('names nested fields by their path', () => {
    const schema = z.object({ a: z.object({ b: z.array(z.string()) }) });
    expect(issues(schema, { a: { b: ['x', 1] } })[0]?.field).toBe('a.b[1]');
  });

  it('explains a union by the alternative that fits best', () => {
    const schema = z.object({
      value: z.union([z.object({ x: z.number(), y: z.number() }), z.object({ name: z.string() })]),
    });
    expect(issues(schema, { value: { name: 5 } })).toEqual([
      { field: 'value.name', reason: 'Invalid input: expected string, received number' },
    ]);
  });
});
