import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freshRedisPrefix, testSettings } from '@shopstream/testkit';
import { compareTopics } from '../crash/compare.ts';
import { replayDuring } from '../crash/crash-run.ts';
import { untilDrained } from '../crash/drain.ts';
import { pauseOwners } from '../crash/paused-owners.ts';
import { Pipeline } from '../crash/pipeline.ts';
import { buildWithoutTransactions } from '../crash/without-transactions.ts';

const kafkaPort = Number(testSettings().KAFKA_BROKERS.split(':')[1]);
const redis = freshRedisPrefix();
let pipeline: Pipeline;

beforeAll(async () => {
  pipeline = new Pipeline({
    connection: { ...testSettings(), REDIS_KEY_PREFIX: redis.REDIS_KEY_PREFIX },
    partitions: 4,
    builds: await buildWithoutTransactions(),
  });
  await pipeline.prepare();
}, 120_000);

afterAll(async () => {
  await pipeline.remove();
  await redis.drop();
}, 120_000);

describe('the comparison of a crash test', () => {
  it('finds doubled and wrong rows of stages that use no transactions', async () => {
    await pipeline.scaleAll({ ingestion: 1, enrichment: 1, sessionizer: 1, popularity: 1 });
    const { sent } = await replayDuring(pipeline, 300, () => pauseOwners(pipeline, {}));
    await untilDrained(pipeline, { kafkaPort });
    const { tallies } = await compareTopics(pipeline, sent);
    const sumOf = (deviation: 'doubled' | 'wrong'): number =>
      tallies.reduce((sum, tally) => sum + tally[deviation], 0);
    expect(sumOf('doubled')).toBeGreaterThan(0);
    expect(sumOf('wrong')).toBeGreaterThan(0);
  }, 600_000);
});
