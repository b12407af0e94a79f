import type { DeadLetter, TopicName } from '@shopstream/contracts';
import { messageOf } from '@shopstream/platform';
import type { Batch } from 'kafkajs';
import { StreamError } from './errors.ts';
import type { RowReader } from './row-reader.ts';
import type { Output, StreamRecord } from './types.ts';

export interface Decoded<T extends TopicName> {
  records: StreamRecord<T>[];
  /** Dead letters of the messages that could not be decoded, bytes unchanged. */
  deadLetters: Output[];
}

/** Decodes a batch; a message that cannot be decoded becomes a dead letter of `stage` and never stops the others. */
export async function decodeBatch<T extends TopicName>(
  reader: RowReader<T>,
  { batch, stage, from }: { batch: Pick<Batch, 'messages' | 'partition'>; stage: string; from: bigint },
): Promise<Decoded<T>> {
  await reader.learn(batch.messages.map((message) => message.value));
  const { topic } = reader;
  const { partition } = batch;
  const records: StreamRecord<T>[] = [];
  const deadLetters: Output[] = [];
  for (const message of batch.messages) {
    const offset = BigInt(message.offset);
    if (offset < from) continue;
    try {
      records.push({
        topic,
        partition,
        offset,
        timestamp: Number(message.timestamp),
        key: message.key,
        bytes: message.value ?? NO_BYTES,
        value: reader.decode(message.value),
      });
    } catch (error) {
      if (!(error instanceof StreamError) || error.code !== 'UNDECODABLE') throw error;
      const reason = { stage, reason: 'undecodable', message: messageOf(error) };
      deadLetters.push(toDeadLetter({ topic, partition, offset }, message, reason));
    }
  }
  return { records, deadLetters };
}

const NO_BYTES = Buffer.alloc(0);

/** A dead letter must fit one record; longer bytes are cut, and the message says so. */
const MAX_DEAD_LETTER_BYTES = 512 * 1024;

/** The row that keeps a record which could not be processed. */
export function toDeadLetter(
  source: { topic: TopicName; partition: number; offset: bigint },
  bytes: { key: Buffer | null; value: Buffer | null },
  why: Pick<DeadLetter, 'stage' | 'reason' | 'message'> &
    Partial<Pick<DeadLetter, 'field' | 'namespace' | 'event_id'>>,
): Output {
  const value = bytes.value?.subarray(0, MAX_DEAD_LETTER_BYTES) ?? null;
  const isCut = value !== null && value.length !== bytes.value?.length;
  const cut = isCut ? `; the first ${value.length} of ${bytes.value?.length ?? 0} bytes` : '';
  return {
    topic: 'ecom.dead-letter.v1',
    value: {
      stage: why.stage,
      reason: why.reason,
      field: why.field ?? null,
      message: why.message + cut,
      namespace: why.namespace ?? null,
      event_id: why.event_id ?? null,
      source_topic: source.topic,
      source_partition: source.partition,
      source_offset: Number(source.offset),
      key: bytes.key,
      value,
      failed_at: Date.now(),
    },
  };
}
