import { type DeadLetter, type LateEvent, REDRIVE_STAGE, type TopicName } from '@shopstream/contracts';

export interface Drop {
  where: string;
  reason: string;
  count: number;
}

/** What has become of the events so far, counted from the rows of the topics. */
export interface FlowCounts {
  topics: Partial<Record<TopicName, number>>;
  drops: Drop[];
}

/** Counts rows as they are read. */
export function createFlowCounter() {
  const topics: Partial<Record<TopicName, number>> = {};
  const drops = new Map<string, Drop>();
  let deadInCleaning = 0;

  function drop(where: string, reason: string, count = 1): void {
    const known = drops.get(`${where} ${reason}`);
    if (known === undefined) drops.set(`${where} ${reason}`, { where, reason, count });
    else known.count += count;
  }

  return {
    count(topic: TopicName): void {
      topics[topic] = (topics[topic] ?? 0) + 1;
    },
    deadLetter({ stage, reason }: DeadLetter): void {
      if (stage === REDRIVE_STAGE) return;
      drop(stage, reason);
      if (stage === 'cleaning') deadInCleaning += 1;
    },
    late({ stage, reason }: LateEvent): void {
      drop(stage, reason);
    },
    result(): FlowCounts {
      const rows = (topic: TopicName): number => topics[topic] ?? 0;
      const passed = rows('ecom.events-clean.v1') + rows('ecom.signals.v1') + deadInCleaning;
      // Whatever the cleaning stage has read and neither passed on nor given up was there before.
      const duplicates = rows('ecom.clickstream.v1') - passed;
      if (duplicates > 0) drop('cleaning', 'duplicate', duplicates);
      return { topics, drops: [...drops.values()].sort((a, b) => b.count - a.count) };
    },
  };
}
