import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import kafkajs from 'kafkajs';
import { partitioner } from './messages.ts';

const metadata = Array.from({ length: 24 }, (_, partitionId) => ({ partitionId, leader: 1 }));

describe('placing by key', () => {
  it('puts any key where the partitioner of kafkajs puts it', () => {
    const ours = partitioner();
    const theirs = kafkajs.Partitioners.DefaultPartitioner();
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'binary' }), (key) => {
        const args = { topic: 't', partitionMetadata: metadata as never, message: { key, value: null } };
        expect(ours(args)).toBe(theirs(args));
      }),
    );
  });
});
