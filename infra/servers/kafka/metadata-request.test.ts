import { expect, test } from '@jest/globals';
import { clusterIdOf } from './metadata-request.ts';

const int32 = (value: number) => Buffer.from([0, 0, 0, value]);
const text = (value: string) => Buffer.concat([Buffer.from([0, value.length]), Buffer.from(value)]);
const noText = Buffer.from([0xff, 0xff]);
const broker = Buffer.concat([int32(1), text('127.0.0.1'), int32(92), noText]);
const answer = (...parts: Buffer[]) => Buffer.concat([int32(0), int32(1), ...parts]);

test('the cluster id stands behind the brokers', () => {
  expect(clusterIdOf(answer(int32(2), broker, broker, text('5L6g3nShT'), int32(1)))).toBe('5L6g3nShT');
});

test('a cluster without a registered broker is not ready', () => {
  expect(clusterIdOf(answer(int32(0), text('5L6g3nShT')))).toBeUndefined();
});

test('an answer that is broken off is not ready', () => {
  expect(clusterIdOf(answer(int32(1), broker))).toBeUndefined();
  expect(clusterIdOf(Buffer.alloc(3))).toBeUndefined();
});
