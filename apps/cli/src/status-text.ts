import type { ShopperView } from './adapters/gateway.ts';
import { eventToFeature, type Look, topicRates } from './domain/status-board.ts';
import { toShortName } from './domain/topic-name.ts';
import { toTable } from './table.ts';

export interface StatusView {
  before: Look;
  after: Look;
  shopper: { id: string; view: ShopperView } | undefined;
  urls: Readonly<Record<string, string>>;
}

export function toStatusText({ before, after, shopper, urls }: StatusView): string {
  return [
    `shopstream ${new Date(after.atMs).toISOString()}`,
    ratesText(before, after),
    lagText(after),
    latencyText(before, after),
    shopper
      ? shopperText(shopper.id, shopper.view)
      : 'No shopper has been seen since the start of this view.',
    Object.entries(urls)
      .map(([name, url]) => `${name.padEnd(10)} ${url}`)
      .join('\n'),
  ].join('\n\n');
}

function ratesText(before: Look, after: Look): string {
  return toTable(topicRates(before, after), [
    { title: 'topic', value: ({ topic }) => topic },
    { title: 'rows/s', value: ({ perSecond }) => perSecond.toFixed(1), align: 'right' },
    { title: 'offsets', value: ({ offsets }) => offsets, align: 'right' },
  ]);
}

function lagText({ lag }: Look): string {
  if (lag.length === 0) return 'No stage has committed anything yet.';
  return toTable(lag, [
    { title: 'stage', value: ({ group }) => group },
    { title: 'reads', value: ({ topic }) => toShortName(topic) },
    { title: 'lag', value: (line) => line.lag, align: 'right' },
  ]);
}

function latencyText(before: Look, after: Look): string {
  const times = eventToFeature(before, after);
  if (!times) return 'event to feature: no event reached the features since the last look';
  const { p50, p99, batches } = times;
  return `event to feature: p50 ${bound(p50)}, p99 ${bound(p99)} (oldest event of each of ${batches} batches)`;
}

const bound = (seconds: number): string =>
  seconds === Infinity
    ? 'over 300 s'
    : `at most ${seconds < 1 ? `${Math.round(seconds * 1_000)} ms` : `${seconds} s`}`;

function shopperText(id: string, { history, recommendations }: ShopperView): string {
  const events = history.map(
    ({ timestamp, action, item_id: item }) =>
      `  ${timestamp.slice(11, 19)}  ${action.padEnd(16)} ${item ?? ''}`,
  );
  const list = recommendations.map(
    ({ rank, item_id: item, metadata, explanation }) =>
      `  ${rank}. ${metadata.title} (${item}): ${explanation.reason}`,
  );
  return [`${id} last did`, ...events, 'and is recommended', ...list].join('\n');
}
