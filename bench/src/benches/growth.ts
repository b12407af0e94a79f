import type { Bench } from '../bench.ts';
import type { Table } from '../report/table.ts';
import { type Growth, growthCases, measureGrowth } from '../streams/growth.ts';
import { plotGrowth } from '../streams/plot-growth.ts';

/** How a windowed stage grows with the number of events, with that of open keys, and how long it takes to come back. */
export const growth: Bench = {
  name: 'growth',
  about: 'throughput, memory and restore time of a windowed stage by events and open keys',
  async run(context) {
    const results: Growth[] = [];
    for (const one of growthCases(context.options.events)) {
      context.signal.throwIfAborted();
      context.say(`${one.events.toLocaleString('en')} events, ${one.keys.toLocaleString('en')} open keys`);
      results.push(await measureGrowth(context, one));
    }
    plotGrowth(results);
    return [toTable(results)];
  },
};

const toTable = (results: readonly Growth[]): Table => ({
  title: 'The sessionizer by events and open keys, one process',
  head: [
    'events',
    'open keys',
    'events/s',
    'CPU µs/event',
    'memory MB',
    'changelog rows',
    'restore s',
    'keys restored/s',
  ],
  rows: results.map((one) => [
    one.events,
    one.keys,
    one.perSecond,
    one.cpuMicros,
    one.memoryMb,
    one.changelogRows,
    one.restoreSeconds,
    one.keys / one.restoreSeconds,
  ]),
  notes: [
    'All events lie in one window, so that each key stays open. Memory: resident, when all is read.',
    'Restore: from the start of a process after kill -9 of the one before to all partitions owned with their state; the start of Node included.',
  ],
});
