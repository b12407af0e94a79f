import { describe, expect, test } from '@jest/globals';
import { topicNames, topics } from '../src/topics.ts';
import { replaceTopicTable, toTopicTable } from './to-topic-table.ts';

const OPENING =
  '<!-- topics: generated from packages/contracts/src/topics.ts by `npm run codegen`; do not edit -->';

describe('the table of topics', () => {
  test('has a row for every topic', () => {
    const table = toTopicTable(topics);
    expect(table.split('\n')).toHaveLength(topicNames.length + 2);
    for (const name of topicNames) expect(table).toContain(`| \`${name}\` |`);
  });

  test('replaces what is between the markers and nothing else', () => {
    const document = `# Before\n\n${OPENING}\n\nold\n\n<!-- /topics -->\n\nAfter.\n`;
    expect(replaceTopicTable(document, 'new\n')).toBe(document.replace('old', 'new'));
  });

  test('is refused by a document without markers', () => {
    expect(() => replaceTopicTable('# Text\n', 'new')).toThrow('the document needs the lines');
    expect(() => replaceTopicTable(`${OPENING}\n`, 'new')).toThrow('the document needs the lines');
  });
});
