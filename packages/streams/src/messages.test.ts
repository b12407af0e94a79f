import { describe, expect, it } from '@jest/globals';
import type { PartitionerArgs } from 'kafkajs';
import { type TopicMessage, partitioner, toSends } from './messages.ts';

const partitions = (count: number) =>
  Array.from({ length: count }, (_, partitionId) => ({
    partitionId,
    leader: 0,
  })) as PartitionerArgs['partitionMetadata'];
const place = (message: object, count: number): number =>
  partitioner()({ topic: 't', partitionMetadata: partitions(count), message: { value: null, ...message } });

/** Hashes from the tests of Kafka's Java client. */
const murmur2 = {
  '21': -973932308,
  foobar: -790332482,
  'a-little-bit-long-string': -985981536,
  'a-little-bit-longer-string': -1486304829,
  abc: 479470107,
};

describe('partitions', () => {
  it.each(Object.entries(murmur2))("of %s are those of Java's client", (key, hash) => {
    for (const count of [6, 12, 24]) expect(place({ key }, count)).toBe((hash & 0x7fff_ffff) % count);
  });

  it('follow partitionBy where a message has one, and an explicit partition before all', () => {
    expect(place({ key: 'anything', partitionBy: 'foobar' }, 24)).toBe(place({ key: 'foobar' }, 24));
    expect(place({ key: 'foobar', partitionBy: 'abc', partition: 5 }, 24)).toBe(5);
  });
});

describe('sends', () => {
  const message = (topic: string, id: number, bytes: number): TopicMessage => ({
    topic,
    message: { key: String(id), value: Buffer.alloc(bytes) },
  });

  it('hold all messages in their order, and no more bytes than a broker takes at once', () => {
    const messages = Array.from({ length: 900 }, (_, i) => message(i % 3 === 0 ? 'a' : 'b', i, 5_000));
    const sends = [...toSends(messages)];
    expect(sends.length).toBeGreaterThan(5);
    for (const send of sends) {
      const bytes = send.flatMap((t) => t.messages).reduce((sum, m) => sum + (m.value?.length ?? 0), 0);
      expect(bytes).toBeLessThan(1024 * 1024);
    }
    const keys = (topic: string): unknown[] =>
      sends.flat().flatMap((t) => (t.topic === topic ? t.messages.map(({ key }) => key) : []));
    expect(keys('a')).toEqual(messages.filter((m) => m.topic === 'a').map((m) => m.message.key));
    expect(keys('b')).toEqual(messages.filter((m) => m.topic === 'b').map((m) => m.message.key));
  });

  it('put a message that is too great for any alone', () => {
    const sends = [...toSends([message('a', 0, 10), message('a', 1, 2_000_000), message('a', 2, 10)])];
    expect(sends.map((send) => send.flatMap((t) => t.messages.map(({ key }) => key)))).toEqual([
      ['0'],
      ['1'],
      ['2'],
    ]);
  });

  it('are none for no messages', () => {
    expect([...toSends([])]).toEqual([]);
  });
});
