import { describe, expect, it } from '@jest/globals';
import { eventually } from '@shopstream/testkit';
import { createSendQueue } from './send-queue.ts';

/** A queue whose sends end when the test says so. */
function controlled(options: { maxRows?: number; failsAll?: boolean } = {}) {
  const sends: { rows: readonly number[]; done: () => void; fail: (error: Error) => void }[] = [];
  const queue = createSendQueue<number>(
    (rows) => new Promise((done, fail) => sends.push({ rows, done, fail })),
    { maxRows: options.maxRows ?? 100, failsAll: () => options.failsAll ?? true },
  );
  /** The send of that number, once it is under way. */
  const nth = (index: number) =>
    eventually(() => {
      const send = sends[index];
      if (!send) throw new Error(`send ${index} has not begun`);
      return send;
    });
  return { queue, sends, nth };
}

describe('the send queue', () => {
  it('sends at once when nothing is under way', () => {
    const { queue, sends } = controlled();
    void queue.push([1]);
    expect(sends.map(({ rows }) => rows)).toEqual([[1]]);
  });

  it('gathers what comes during a send into the next one', async () => {
    const { queue, nth } = controlled();
    const all = [queue.push([1]), queue.push([2]), queue.push([3, 4])];
    expect(queue.waiting()).toBe(4);
    (await nth(0)).done();
    await all[0];
    expect((await nth(1)).rows).toEqual([2, 3, 4]);
    (await nth(1)).done();
    await Promise.all(all);
    expect(queue.waiting()).toBe(0);
  });

  it('keeps sends bounded, and requests whole', async () => {
    const { queue, sends, nth } = controlled({ maxRows: 3 });
    const all = [queue.push([0]), queue.push([1, 2]), queue.push([3, 4]), queue.push([5, 6, 7, 8, 9])];
    for (const [index, promise] of all.entries()) {
      (await nth(index)).done();
      await promise;
    }
    expect(sends.map(({ rows }) => rows)).toEqual([[0], [1, 2], [3, 4], [5, 6, 7, 8, 9]]);
  });

  it('fails those behind a failing send too, and sends again afterwards', async () => {
    const { queue, nth } = controlled();
    const both = Promise.allSettled([queue.push([1]), queue.push([2])]);
    (await nth(0)).fail(new Error('away'));
    expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(queue.waiting()).toBe(0);
    const again = queue.push([3]);
    (await nth(1)).done();
    await again;
    expect((await nth(1)).rows).toEqual([3]);
  });

  it('fails only those in the send when the fault is theirs', async () => {
    const { queue, nth } = controlled({ failsAll: false });
    const [bad, good] = [queue.push([1]), queue.push([2])];
    (await nth(0)).fail(new Error('row 1 is bad'));
    await expect(bad).rejects.toThrow('row 1 is bad');
    (await nth(1)).done();
    await good;
  });
});
