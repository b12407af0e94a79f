import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freshRedisPrefix, testSettings } from '@shopstream/testkit';
import { compareTopics } from '../crash/compare.ts';
import { replayDuring } from '../crash/crash-run.ts';
import { untilDrained } from '../crash/drain.ts';
import { pauseOwners } from '../crash/paused-owners.ts';
import { Pipeline } from '../crash/pipeline.ts';
import { deviationsOf } from '../crash/tally.ts';

const kafkaPort = Number(testSettings().KAFKA_BROKERS.split(':')[1]);
const redis = freshRedisPrefix();
const pipeline = new Pipeline({
  connection: { ...testSettings(), REDIS_KEY_PREFIX: redis.REDIS_KEY_PREFIX },
  partitions: 4,
});

beforeAll(() => pipeline.prepare(), 120_000);

afterAll(async () => {
  await pipeline.remove();
  await redis.drop();
}, 120_000);

describe('an owner that hangs in the middle of a transaction and goes on after another one has taken over', () => {
  it('adds nothing and loses nothing, in any stage', async () => {
    await pipeline.scaleAll({ ingestion: 1, enrichment: 1, sessionizer: 1, popularity: 1 });
    const { sent } = await replayDuring(pipeline, 300, () => pauseOwners(pipeline, { kafkaPort }));
    await untilDrained(pipeline, { kafkaPort });
    const { tallies } = await compareTopics(pipeline, sent);
    expect(tallies.flatMap(({ examples }) => examples)).toEqual([]);
    expect(deviationsOf(tallies)).toBe(0);
    expect(sent.acknowledged.size).toBeGreaterThan(500);
  }, 600_000);
});
