import type { QualityResult } from '@shopstream/contracts';
import type { Resource } from '@shopstream/platform';
import type { EventProducer, Streams } from '@shopstream/streams';

const topic = 'ecom.quality-results.v1' as const;

/** The newest row of each test, in a topic that is compacted by test. */
export interface Results extends Resource {
  /** Rows of the last run by test, read when it starts. Rows that cannot be read are none. */
  former(): ReadonlyMap<string, QualityResult>;
  write(rows: readonly QualityResult[]): Promise<void>;
}

export function createResults(streams: Streams): Results {
  const producer: EventProducer = streams.createProducer({ topics: [topic] });
  const former = new Map<string, QualityResult>();
  return {
    name: 'results',
    async start() {
      await streams.readLog({ topic, from: 'beginning', until: 'now' }, ({ value }) => {
        if (value !== null && !(value instanceof Error)) former.set(value.test, value);
      });
      await producer.start();
    },
    stop: () => producer.stop(),
    former: () => former,
    write: (rows) => producer.send(rows.map((value) => ({ topic, value }))),
  };
}
