import { describe, expect, it } from '@jest/globals';
import { inOrder } from './lifecycle.ts';
import type { Resource } from './lifecycle.ts';

function resources(failing: string[] = []): { log: string[]; list: Resource[] } {
  const log: string[] = [];
  const act = (what: string) => async () => {
    log.push(what);
    if (failing.includes(what)) throw new Error(`${what} failed`);
  };
  const list = ['a', 'b', 'c'].map((name) => ({
    name,
    start: act(`start ${name}`),
    stop: act(`stop ${name}`),
  }));
  return { log, list };
}

describe('inOrder', () => {
  it('starts in order and stops in reverse', async () => {
    const { log, list } = resources();
    const all = inOrder(list);
    await all.start();
    await all.stop();
    expect(log).toEqual(['start a', 'start b', 'start c', 'stop c', 'stop b', 'stop a']);
  });

  it('stops what had started when a start fails, and names what failed', async () => {
    const { log, list } = resources(['start b']);
    await expect(inOrder(list).start()).rejects.toThrow('b did not start');
    expect(log).toEqual(['start a', 'start b', 'stop a']);
  });

  it('stops the others when one does not stop', async () => {
    const { log, list } = resources(['stop b']);
    const all = inOrder(list);
    await all.start();
    await expect(all.stop()).rejects.toThrow(AggregateError);
    expect(log.slice(3)).toEqual(['stop c', 'stop b', 'stop a']);
  });

  it('stops nothing twice', async () => {
    const { log, list } = resources();
    const all = inOrder(list);
    await all.start();
    await all.stop();
    await all.stop();
    expect(log).toHaveLength(6);
  });
});
