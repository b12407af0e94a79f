import { expect } from '@jest/globals';
import type { Platform } from './platform.ts';

/**
 * Nothing was lost and nothing came of nothing: every stage's rows, and the collector's own counts, are all accounted for. To be called
 * at the end of every test of a platform, while its services run.
 */
export async function expectBalanced(platform: Platform): Promise<void> {
  await platform.drained(120);
  const { code, stdout, stderr } = await platform.tryShopstream('balance', '--recount', '--json');
  const lines = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { line: string; off_by: number | null });
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.filter(({ off_by: offBy }) => offBy !== null && offBy !== 0)).toEqual([]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
}
