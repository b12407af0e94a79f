import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { EVENT_LIMITS, EVENT_TYPES, EVENT_TYPE_ALIASES, CLEAN_EVENT_TYPES } from '@shopstream/contracts';
import { modelNames, models } from './models.ts';
import { columnsOf, toTables } from './tables.ts';

const sql = (name: string): string => readFileSync(new URL(`sql/${name}.sql`, import.meta.url), 'utf8');

test('sql/tables.sql is what the contracts say; run `npm run codegen` when it is not', () => {
  expect(sql('tables')).toBe(toTables());
});

describe.each(modelNames)('%s', (model) => {
  test.each(Object.entries(models[model]))(
    'fills %s with the columns of %s, in their order',
    (table, topic) => {
      expect(columnsInto(sql(model), table)).toEqual([
        'message_key',
        ...columnsOf(topic).map(({ name }) => name),
      ]);
    },
  );
});

describe('the cleaning model', () => {
  test('knows every type and spelling of the contracts', () => {
    const known = [...sql('events-clean').matchAll(/'([^']+)'/g)].map(([, text]) => text);
    expect(known).toEqual(expect.arrayContaining([...EVENT_TYPES, ...Object.keys(EVENT_TYPE_ALIASES)]));
  });

  test('sends the clean types of the contracts to events-clean and the others to signals', () => {
    const list = CLEAN_EVENT_TYPES.map((type) => `'${type}'`).join(', ');
    expect(sql('events-clean')).toContain(`WHERE \`event_type\` IN (${list});`);
    expect(sql('events-clean')).toContain(`WHERE \`event_type\` NOT IN (${list});`);
  });

  test('holds ids to the lengths of the contracts', () => {
    const lengths = [...sql('events-clean').matchAll(/is_id\(`(\w+)`, (\d+)\)/g)].map(([, id, length]) => [
      id,
      Number(length),
    ]);
    expect(lengths).toEqual([
      ['event_id', EVENT_LIMITS.eventIdLength],
      ...['session_id', 'user_id', 'anonymous_id', 'product_id'].map((id) => [id, EVENT_LIMITS.idLength]),
    ]);
  });
});

/** Names of the columns that a model's INSERT gives a table, through a view where it selects everything of one. */
function columnsInto(text: string, table: string): string[] {
  const plain = text.replaceAll(/--.*$/gm, '');
  const insert = new RegExp(`INSERT INTO \`${table}\`\\s+SELECT\\s+([\\s\\S]*?)\\s+FROM\\s+(\\w+)?`).exec(
    plain,
  );
  if (insert?.[1] !== '*') return namesOf(insert?.[1] ?? '');
  const view = new RegExp(`VIEW ${insert[2]} AS\\s+SELECT\\s+([\\s\\S]*?)\\s+FROM `).exec(plain);
  return namesOf(view?.[1] ?? '');
}

/** The name of each expression of a list: what stands in the last backticks. */
function namesOf(list: string): string[] {
  const names: string[] = [];
  let depth = 0;
  let expression = '';
  for (const character of `${list},`) {
    depth += character === '(' ? 1 : character === ')' ? -1 : 0;
    if (character !== ',' || depth > 0) expression += character;
    else {
      names.push(/`(\w+)`\s*$/.exec(expression)?.[1] ?? expression.trim());
      expression = '';
    }
  }
  return names;
}
