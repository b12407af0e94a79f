import type { EnrichedEvent, TopicName } from '@shopstream/contracts';
import { enrichedEvent } from '@shopstream/testkit';
import type { Effects, Processor } from '../src/stage/processor.ts';
import type { Output, StreamRecord, TwoStepAggregate } from '../src/types.ts';

export interface CountState {
  count: number;
  users: Set<string>;
}

/** Counts events and distinct users by product in windows of ten seconds. */
export const counting: TwoStepAggregate<
  'ecom.events-enriched.v1',
  'ecom.product-popularity.v1',
  CountState,
  Pick<EnrichedEvent, 'namespace' | 'product_id' | 'user_identifier'>
> = {
  name: 'counting',
  input: 'ecom.events-enriched.v1',
  output: 'ecom.product-popularity.v1',
  partials: 'ecom.popularity-partials.v1',
  changelog: 'ecom.popularity-changelog.v1',
  splitChangelog: 'ecom.popularity-split-changelog.v1',
  windowMs: 10_000,
  outOfOrdernessMs: 5_000,
  columns: { namespace: true, product_id: true, user_identifier: true },
  groupBy: (row) => (row.product_id === null ? null : [row.namespace, row.product_id]),
  init: () => ({ count: 0, users: new Set() }),
  add: (state, row) => {
    state.count += 1;
    if (row.user_identifier !== null) state.users.add(row.user_identifier);
    return state;
  },
  merge: (into, from) => {
    into.count += from.count;
    for (const user of from.users) into.users.add(user);
    return into;
  },
  toRow: ([namespace, productId], window, { state, isFinal, revision }) => ({
    product_id: productId ?? '',
    product_name: null,
    product_category: null,
    window_start: window.start,
    window_end: window.end,
    total_interactions: state.count,
    views: 0,
    add_to_carts: 0,
    purchases: 0,
    unique_users: state.users.size,
    popularity_score: 0,
    namespace: namespace ?? '',
    is_final: isFinal,
    revision,
  }),
};

/** A record of an enriched event; Kafka's own timestamp is the event's, as in live traffic. */
export function recordOf(
  offset: number,
  columns: Partial<EnrichedEvent>,
  partition = 0,
): StreamRecord<'ecom.events-enriched.v1'> {
  const value = enrichedEvent(columns);
  const topic = 'ecom.events-enriched.v1';
  return {
    topic,
    partition,
    offset: BigInt(offset),
    timestamp: value.timestamp,
    key: null,
    bytes: Buffer.alloc(0),
    value,
  };
}

/** Runs a processor over batches as the kernel does, with its changelog in memory; `restart` begins anew from that. */
export function drive<In extends TopicName>(create: () => Processor<In>) {
  const changelog = new Map<string, string>();
  let checkpoint: string | null = null;
  let processor = create();
  const outputs: Output[] = [];

  function commit(effects: Effects | null): void {
    if (effects === null) return;
    for (const [key, entry] of effects.windows) {
      if (entry === null) changelog.delete(key);
      else changelog.set(key, entry.state);
    }
    checkpoint = processor.checkpoint();
    outputs.push(...effects.outputs);
  }

  return {
    outputs,
    changelog,
    batch: async (records: readonly StreamRecord<In>[], nowMs: number) =>
      commit(await processor.process(records, nowMs)),
    tick: (nowMs: number, idleMs: number | null) => commit(processor.tick(nowMs, idleMs)),
    finish: () => commit(processor.finish()),
    isComplete: () => processor.isComplete?.(),
    restart: () => {
      processor = create();
      processor.restore(new Map(changelog), checkpoint);
    },
    of: <T extends TopicName>(topic: T) =>
      outputs.flatMap((output) =>
        output.topic === topic ? [output.value as Extract<Output, { topic: T }>['value']] : [],
      ),
  };
}
