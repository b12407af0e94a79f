import type { ConsumerGroup, TopicName } from '@shopstream/contracts';
import type { Streams } from '@shopstream/streams';
import type { Positions } from './positions.ts';

const INPUTS = {
  enrichment: 'ecom.events-clean.v1',
  sessionizer: 'ecom.events-enriched.v1',
  'popularity-split': 'ecom.events-enriched.v1',
} as const satisfies Partial<Record<ConsumerGroup, TopicName>>;

export interface Ahead {
  /** Rows ever appended to clickstream, which is written without transactions. */
  clickstreamRows: number;
  /** Rows behind the positions of stages, up to the end now. */
  waiting: Map<ConsumerGroup, number>;
}

/** What lies ahead of the stages. Markers of transactions are offsets and no rows: where there are any, rows are read and counted. */
export async function countAhead(
  streams: Streams,
  positions: Positions,
  signal: AbortSignal,
): Promise<Ahead> {
  const ends = await streams.admin.endOffsets('ecom.clickstream.v1');
  const read = positions.of('cleaning', 'ecom.clickstream.v1');
  let [clickstreamRows, behind] = [0n, 0n];
  for (const [partition, { low, high }] of ends) {
    clickstreamRows += high;
    behind += high - (read.get(partition) ?? low);
  }
  const waiting = new Map<ConsumerGroup, number>([['cleaning', Number(behind)]]);
  for (const [group, topic] of Object.entries(INPUTS) as [keyof typeof INPUTS, TopicName][]) {
    waiting.set(group, await countFrom(streams, { topic, positions: positions.of(group, topic), signal }));
  }
  return { clickstreamRows: Number(clickstreamRows), waiting };
}

async function countFrom(
  { admin, readLog }: Streams,
  {
    topic,
    positions,
    signal,
  }: { topic: TopicName; positions: ReadonlyMap<number, bigint>; signal: AbortSignal },
): Promise<number> {
  const ends = [...(await admin.endOffsets(topic))];
  const offsets = new Map(ends.map(([partition, { low }]) => [partition, positions.get(partition) ?? low]));
  let rows = 0;
  await readLog(
    { topic, from: { offsets }, until: 'now', signal: AbortSignal.any([signal]) },
    () => void (rows += 1),
  );
  return rows;
}
