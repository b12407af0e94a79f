import { setTimeout as delay } from 'node:timers/promises';
import { type TopicName, consumerGroups, topicNames } from '@shopstream/contracts';
import { eventually } from '@shopstream/testkit';
import { ongoingTransactions } from './ongoing-transactions.ts';
import { type Pipeline, stagesOf } from './pipeline.ts';

/** Longer than the second between two interim rows of a window. */
const BETWEEN_LOOKS_MS = 2_000;
const LOOKS = 3;
const CATCH_UP_MS = 240_000;

const stages = Object.values(stagesOf).flat();

/** How many offsets each stage has not read yet. */
export async function lagOf({ streams, prefix }: Pipeline): Promise<Map<string, bigint>> {
  const committed = new Map(
    (await streams.admin.lag()).map((row) => [`${row.group} ${row.topic} ${row.partition}`, row.committed]),
  );
  const lags = new Map<string, bigint>();
  for (const stage of stages) {
    const [topic] = consumerGroups[stage];
    let lag = 0n;
    for (const [partition, { low, high }] of await streams.admin.endOffsets(topic)) {
      lag += high - (committed.get(`${prefix}${stage} ${topic} ${partition}`) ?? low);
    }
    lags.set(stage, lag);
  }
  return lags;
}

/** Resolves when every stage has read what its input holds now. */
export async function untilCaughtUp(pipeline: Pipeline): Promise<void> {
  const targets = await inputEnds(pipeline);
  await eventually(
    async () => {
      const rows = await pipeline.streams.admin.lag();
      const done = new Map(rows.map((row) => [`${row.group} ${row.topic} ${row.partition}`, row.committed]));
      const behind = [...targets].filter(([at, end]) => (done.get(at) ?? 0n) < end);
      if (behind.length > 0) throw new Error(`still behind: ${behind.map(([at]) => at).join(', ')}`);
    },
    { deadlineMs: CATCH_UP_MS, intervalMs: 500 },
  );
}

async function inputEnds({ streams, prefix }: Pipeline): Promise<Map<string, bigint>> {
  const ends = new Map<string, bigint>();
  for (const stage of stages) {
    const [topic] = consumerGroups[stage];
    for (const [partition, { low, high }] of await streams.admin.endOffsets(topic)) {
      if (high > low) ends.set(`${prefix}${stage} ${topic} ${partition}`, high);
    }
  }
  return ends;
}

async function ends({ streams }: Pipeline): Promise<string> {
  const all = await Promise.all(
    topicNames.map(async (topic: TopicName) =>
      [...(await streams.admin.endOffsets(topic))].map(
        ([partition, { high }]) => `${topic}/${partition}: ${high}`,
      ),
    ),
  );
  return all.flat().sort().join('\n');
}

/** Nothing is left to be read, nobody is dead, no transaction is open. */
async function isIdle(pipeline: Pipeline, kafkaPort: number): Promise<boolean> {
  if (!(await pipeline.areReady())) return false;
  const ongoing = await ongoingTransactions(kafkaPort);
  if (ongoing.some((id) => id.startsWith(pipeline.prefix))) return false;
  return [...(await lagOf(pipeline)).values()].every((lag) => lag === 0n);
}

/** Waits until everything is read and no topic, changelogs included, has grown over some looks. */
export async function untilDrained(
  pipeline: Pipeline,
  { kafkaPort, timeoutMs = 300_000 }: { kafkaPort: number; timeoutMs?: number },
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  let before = '';
  let equalLooks = 0;
  while (equalLooks < LOOKS) {
    if (Date.now() > deadline) throw new Error(`not drained after ${timeoutMs / 1_000} s`);
    const now = (await isIdle(pipeline, kafkaPort)) ? await ends(pipeline) : '';
    equalLooks = now !== '' && now === before ? equalLooks + 1 : 0;
    before = now;
    await delay(BETWEEN_LOOKS_MS);
  }
}
