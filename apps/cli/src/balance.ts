// The order of the questions makes the answers fit together: positions before counts, readers before writers, and what lies ahead last.
import type { Streams } from '@shopstream/streams';
import { readPositions, type Positions } from './adapters/positions.ts';
import { recount, type Recount, refusalsSince } from './adapters/recount.ts';
import { countAhead } from './adapters/waiting.ts';
import { type BalanceLine, unjudged } from './domain/balance/balance-line.ts';
import { type CollectorCounts, collectorLines } from './domain/balance/collector-lines.ts';
import { recountLines } from './domain/balance/recount-lines.ts';
import { rowLines, tallyLines } from './domain/balance/tally-lines.ts';

export interface BalanceDeps {
  streams: Streams;
  /** Put before the names of groups. */
  prefix: string;
  /** Undefined where the collector's counts are not asked for, or it does not answer. */
  askCollector: () => Promise<CollectorCounts | undefined>;
  wait: (durationMs: number) => Promise<void>;
  signal: AbortSignal;
}

/** After so long every window that a stage has changed has an interim row. */
const INTERIM_MS = 2_000;

/** By the counts that stages keep. */
export async function balanceByCounts(deps: BalanceDeps): Promise<BalanceLine[]> {
  const { streams, signal } = deps;
  const positions = await readPositions(streams, deps.prefix);
  const collector = await deps.askCollector();
  const before = await streams.tallies();
  const refused = collector === undefined ? [] : await refusalsSince(streams, collector.sinceMs, signal);
  const after = await streams.tallies();
  const lines = tallyLines({ before, after, ...(await countAhead(streams, positions, signal)) });
  return [...(await linesOfCollector(deps, collector, { refused })), ...lines];
}

/** By the counts that stages keep and by the rows of all topics. */
export async function balanceByRows(
  deps: BalanceDeps,
  options: { byNamespace: boolean },
): Promise<BalanceLine[]> {
  const { streams, signal } = deps;
  const positions: Positions = await readPositions(streams, deps.prefix);
  const collector = await deps.askCollector();
  const before = await streams.tallies();
  await deps.wait(INTERIM_MS);
  const counted = await recount(streams, positions, signal);
  const after = await streams.tallies();
  const looks = { before, after };
  const rows = [...rowLines(looks, counted.counts.total()), ...linesOfRows(counted, options)];
  return [
    ...tallyLines({ ...looks, ...(await countAhead(streams, positions, signal)) }),
    ...judge([...(await linesOfCollector(deps, collector, counted)), ...rows], counted.cut),
  ];
}

async function linesOfCollector(
  { askCollector }: BalanceDeps,
  before: CollectorCounts | undefined,
  times: Parameters<typeof collectorLines>[1],
): Promise<BalanceLine[]> {
  const after = before && (await askCollector());
  return before && after ? collectorLines({ before, after }, times) : [];
}

function linesOfRows(
  { counts, waitingInPartials }: Recount,
  { byNamespace }: { byNamespace: boolean },
): BalanceLine[] {
  const total = recountLines(counts.total(), { namespace: null, waitingInPartials });
  if (!byNamespace) return total;
  const tenants = [...counts.byNamespace()].sort(([a], [b]) => a.localeCompare(b));
  return [
    ...total,
    ...tenants.flatMap(([namespace, of]) => recountLines(of, { namespace, waitingInPartials })),
  ];
}

/** Rows that are gone cannot be counted. */
function judge(lines: readonly BalanceLine[], cut: readonly string[]): BalanceLine[] {
  if (cut.length === 0) return [...lines];
  return lines.map((line) => unjudged(line, `the oldest rows of ${cut.join(', ')} are gone`));
}
