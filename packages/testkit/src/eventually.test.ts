import { describe, expect, it } from '@jest/globals';
import { eventually } from './eventually.ts';
import { uniqueName } from './unique-name.ts';

describe('eventually', () => {
  it('gives the first result that is not an error', async () => {
    let attempts = 0;
    const result = await eventually(
      () => {
        attempts += 1;
        if (attempts < 3) throw new Error('not yet');
        return attempts;
      },
      { intervalMs: 1 },
    );
    expect(result).toBe(3);
  });

  it('throws the last error at the deadline', async () => {
    let attempts = 0;
    const failing = eventually(
      () => {
        attempts += 1;
        throw new Error(`attempt ${attempts}`);
      },
      { deadlineMs: 20, intervalMs: 1 },
    );
    await expect(failing).rejects.toThrow(/^attempt \d+$/);
    expect(attempts).toBeGreaterThan(1);
  });
});

describe('uniqueName', () => {
  it('is safe as a topic, keyspace, database and key, and never the same', () => {
    const names = Array.from({ length: 1_000 }, () =>
      uniqueName('Sessions of TODAY, in a very long description of them'),
    );
    expect(new Set(names).size).toBe(1_000);
    for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9_]{1,47}$/);
  });
});
