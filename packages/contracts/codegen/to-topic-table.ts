import type { TopicName, TopicSpec } from '../src/topic-spec.ts';

const DAY_MS = 86_400_000;

/** The registry of topics as a Markdown document. */
export function toTopicTable(topics: Readonly<Record<TopicName, Omit<TopicSpec<never>, 'key'>>>): string {
  const rows = Object.entries(topics).map(([name, spec]) => {
    const cells = [`\`${name}\``, spec.description, spec.owner, spec.keyedBy, spec.partitions, keptFor(spec)];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    '# Topics',
    '',
    'Generated from `src/topics.ts` by `npm run codegen`. Do not edit.',
    '',
    '| topic | what | owner | key | partitions | kept |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

function keptFor({ cleanup, retentionMs }: Omit<TopicSpec<never>, 'key'>): string {
  const days = `${retentionMs / DAY_MS} days`;
  if (cleanup === 'delete') return days;
  return retentionMs === 0 ? 'newest of each key' : `newest of each key, all for ${days}`;
}
