import type { TopicName, TopicSpec } from '../src/topic-spec.ts';

const DAY_MS = 86_400_000;
const OPENING =
  '<!-- topics: generated from packages/contracts/src/topics.ts by `npm run codegen`; do not edit -->';
const CLOSING = '<!-- /topics -->';

/** The registry of topics as a table in Markdown. */
export function toTopicTable(topics: Readonly<Record<TopicName, Omit<TopicSpec<never>, 'key'>>>): string {
  const rows = Object.entries(topics).map(([name, spec]) => {
    const cells = [`\`${name}\``, spec.description, spec.owner, spec.keyedBy, spec.partitions, keptFor(spec)];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    '| topic | what | owner | key | partitions | kept |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

function keptFor({ cleanup, retentionMs }: Omit<TopicSpec<never>, 'key'>): string {
  const days = `${retentionMs / DAY_MS} days`;
  if (cleanup === 'delete') return days;
  return retentionMs === 0 ? 'newest of each key' : `newest of each key, all for ${days}`;
}

/**
 * Replaces what a document has between its markers; everything else stays as it is.
 * @throws Error when the document lacks a marker
 */
export function replaceTopicTable(document: string, table: string): string {
  const opening = document.indexOf(OPENING);
  const closing = document.indexOf(CLOSING, opening);
  if (opening === -1 || closing === -1)
    throw new Error(`the document needs the lines ${OPENING} and ${CLOSING}`);
  const before = document.slice(0, opening + OPENING.length);
  return `${before}\n\n${table.trim()}\n\n${document.slice(closing)}`;
}
