import type { TopicName } from '@shopstream/contracts';
import type { Producer } from 'kafkajs';
import type { Names } from '../kafka.ts';

/** Of the producer that owns a partition of a stage. */
export const transactionalIdOf = (
  names: Names,
  { name, input }: { name: string; input: TopicName },
  partition: number,
): string => names.id(`${name}-${input}-${partition}`);

/**
 * Takes the place of every owner for a moment: what they have not committed by then they never will, because a transaction under way
 * is aborted, and one that begins later is refused. When it resolves, all that they did commit is at the end of the topics.
 */
export async function fenceOwners(
  transactionalIds: readonly string[],
  createProducer: (id: string) => Producer,
): Promise<void> {
  const fence = async (id: string): Promise<void> => {
    const producer = createProducer(id);
    try {
      await producer.connect();
      await producer.transaction();
    } finally {
      await producer.disconnect();
    }
  };
  await Promise.all(transactionalIds.map(fence));
}
