import { describe, expect, it } from '@jest/globals';
import { Gate } from './gate.ts';

/** Work that ends when told to, and tells that it has begun. */
function work() {
  const state = { hasBegun: false, end: (): void => undefined };
  const run = (): Promise<void> => {
    state.hasBegun = true;
    return new Promise((resolve) => (state.end = resolve));
  };
  return Object.assign(state, { run });
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('the gate', () => {
  it('holds back what does not fit, and lets it through in its turn', async () => {
    const gate = new Gate(10);
    const [a, b, c] = [work(), work(), work()];
    const all = [gate.pass(6, a.run), gate.pass(6, b.run), gate.pass(2, c.run)];
    await settle();
    expect([a.hasBegun, b.hasBegun, c.hasBegun]).toEqual([true, false, false]);
    a.end();
    await settle();
    expect([b.hasBegun, c.hasBegun]).toEqual([true, true]);
    b.end();
    c.end();
    await Promise.all(all);
  });

  it('lets work through that is larger than itself, alone', async () => {
    const gate = new Gate(10);
    const [large, small] = [work(), work()];
    const all = [gate.pass(11, large.run), gate.pass(1, small.run)];
    await settle();
    expect([large.hasBegun, small.hasBegun]).toEqual([true, false]);
    large.end();
    await settle();
    small.end();
    await Promise.all(all);
  });

  it('opens again after work that failed', async () => {
    const gate = new Gate(1);
    await expect(gate.pass(1, () => Promise.reject(new Error('sick')))).rejects.toThrow('sick');
    await expect(gate.pass(1, () => Promise.resolve('well'))).resolves.toBe('well');
  });
});
