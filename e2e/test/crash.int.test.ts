import { describe, expect, it } from '@jest/globals';
import { runCrashes } from '../crash/crash-run.ts';
import { killTable, tallyTable } from '../crash/report.ts';
import { deviationsOf } from '../crash/tally.ts';

describe('killing services, the broker, Redis and the registry during a replay, with a stage scaled to three instances and back', () => {
  it('loses no acknowledged event, and no row is missing, doubled or wrong', async () => {
    const report = await runCrashes({
      partitions: 4,
      rate: 300,
      chaos: {
        seed: 1,
        services: 6,
        servers: ['redis', 'kafka', 'registry'],
        serverPauseMs: [5_000, 12_000],
        scalePauseMs: [5_000, 15_000],
        deadlineMs: Number.POSITIVE_INFINITY,
      },
    });
    console.log(`${killTable(report.kills)}\n\n${tallyTable(report.tallies)}`);
    expect(report.tallies.flatMap(({ examples }) => examples)).toEqual([]);
    expect(deviationsOf(report.tallies)).toBe(0);
    expect(report.kills).toHaveLength(9);
    expect(report.scalings).toBeGreaterThan(0);
    expect(report.sent.acknowledged.size).toBeGreaterThan(500);
  }, 900_000);
});
