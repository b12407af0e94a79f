import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '@shopstream/infra';
import { describeMachine } from './machine.ts';
import { toMarkdown } from './markdown.ts';
import type { Table } from './table.ts';

export const resultsDir = path.join(repositoryRoot, 'bench', 'results');

/** The tables as JSON, with the machine they were measured on, and for a document. */
export function writeResult(name: string, tables: Table[]): void {
  mkdirSync(resultsDir, { recursive: true });
  const result = { bench: name, measuredAt: new Date().toISOString(), machine: describeMachine(), tables };
  writeFileSync(path.join(resultsDir, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
  writeFileSync(path.join(resultsDir, `${name}.md`), tables.map(toMarkdown).join('\n'));
}
