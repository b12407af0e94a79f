// Conservation by what stages count themselves, in the transactions of their rows.
import type { ConsumerGroup, TopicName } from '@shopstream/contracts';
import type { StageTally } from '@shopstream/streams';
import { type BalanceLine, toBalanceLine } from './balance-line.ts';
import type { EventCounts } from './event-counts.ts';

/** Two looks at the stages' counts: the second one of a stage is not older than the first one of any other. */
export interface TallyLooks {
  before: readonly StageTally[];
  after: readonly StageTally[];
  /** Rows ever appended to clickstream. */
  clickstreamRows: number;
  /** Rows behind the position of a stage in its input. */
  waiting: ReadonlyMap<ConsumerGroup, number>;
}

/** Which stage reads what another one writes. */
const READERS = [
  { reader: 'enrichment', writer: 'cleaning', topic: 'ecom.events-clean.v1', name: 'clean' },
  { reader: 'sessionizer', writer: 'enrichment', topic: 'ecom.events-enriched.v1', name: 'enriched' },
  { reader: 'popularity-split', writer: 'enrichment', topic: 'ecom.events-enriched.v1', name: 'enriched' },
] as const satisfies readonly {
  reader: ConsumerGroup;
  writer: ConsumerGroup;
  topic: TopicName;
  name: string;
}[];

const OUTCOMES: Partial<Record<TopicName, string>> = {
  'ecom.events-clean.v1': 'clean',
  'ecom.signals.v1': 'signals',
  'ecom.events-enriched.v1': 'enriched',
  'ecom.dead-letter.v1': 'dead letters',
  'ecom.late.v1': 'late',
};

export function tallyLines({ before, after, clickstreamRows, waiting }: TallyLooks): BalanceLine[] {
  return [
    toBalanceLine({
      line: 'clickstream = read by cleaning',
      received: clickstreamRows,
      outcomes: { read: recordsIn(before, 'cleaning') },
      waiting: waiting.get('cleaning') ?? 0,
    }),
    stageLine(before, 'cleaning'),
    stageLine(before, 'enrichment'),
    ...READERS.map(({ reader, writer, topic, name }) =>
      toBalanceLine({
        line: `${name} = read by ${reader}`,
        received: rowsOut(after, topic, writer),
        outcomes: { read: recordsIn(before, reader) },
        waiting: waiting.get(reader) ?? 0,
      }),
    ),
  ];
}

/** Each record of these stages has one outcome. */
function stageLine(tallies: readonly StageTally[], stage: ConsumerGroup): BalanceLine {
  const outcomes: Record<string, number> = {};
  const add = (name: string, count: number) => void (outcomes[name] = (outcomes[name] ?? 0) + count);
  for (const tally of tallies.filter((one) => one.stage === stage)) {
    for (const [topic, count] of Object.entries(tally.rowsOut))
      add(OUTCOMES[topic as TopicName] ?? topic, count);
    for (const [reason, count] of Object.entries(tally.skipped)) add(reason, count);
  }
  return toBalanceLine({ line: `${stage}: in = out`, received: recordsIn(tallies, stage), outcomes });
}

/** What stages say they wrote, against the rows that are there. */
export function rowLines(
  { before, after }: Pick<TallyLooks, 'before' | 'after'>,
  counts: EventCounts,
): BalanceLine[] {
  const rows: [TopicName, number][] = [
    ['ecom.events-clean.v1', counts.clean],
    ['ecom.signals.v1', counts.signals],
    ['ecom.events-enriched.v1', counts.enriched],
    ['ecom.dead-letter.v1', counts.stagesDead],
    ['ecom.late.v1', counts.sessionizerLate + counts.popularityLate],
  ];
  return rows.map(([topic, count]) => {
    const written = rowsOut(after, topic);
    return toBalanceLine({
      line: `${OUTCOMES[topic] ?? topic}: written = rows`,
      received: written,
      outcomes: { rows: count },
      waiting: written - rowsOut(before, topic),
    });
  });
}

const recordsIn = (tallies: readonly StageTally[], stage: ConsumerGroup): number =>
  tallies.reduce((sum, tally) => (tally.stage === stage ? sum + tally.recordsIn : sum), 0);

const rowsOut = (tallies: readonly StageTally[], topic: TopicName, stage?: ConsumerGroup): number =>
  tallies.reduce(
    (sum, tally) => (stage === undefined || tally.stage === stage ? sum + (tally.rowsOut[topic] ?? 0) : sum),
    0,
  );
