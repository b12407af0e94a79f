// Writes src/generated from avro/*.avsc and the table of topics in docs/ARCHITECTURE.md from src/topics.ts. With --check nothing is
// written; stale files are named and the exit code is 1.
import { mkdirSync, readFileSync, readdirSync, existsSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { topics } from '../src/topics.ts';
import { replaceTopicTable, toTopicTable } from './to-topic-table.ts';
import { type AvroComplex, toTypeScript } from './to-typescript.ts';

const root = join(fileURLToPath(import.meta.url), '..', '..');
const avroDir = join(root, 'avro');
const outDir = join(root, 'src', 'generated');
const architecture = join(root, '..', '..', 'docs', 'ARCHITECTURE.md');

const stems = readdirSync(avroDir)
  .filter((file) => file.endsWith('.avsc'))
  .map((file) => basename(file, '.avsc'))
  .sort();
const header = '// Generated from avro/*.avsc by `npm run codegen`. Do not edit.\n';

const files = new Map<string, string>();
const schemas: string[] = [];
for (const stem of stems) {
  const source = readFileSync(join(avroDir, `${stem}.avsc`), 'utf8');
  files.set(`${stem}.ts`, header + toTypeScript(JSON.parse(source) as AvroComplex));
  schemas.push(`'${stem}': ${JSON.stringify(JSON.stringify(JSON.parse(source)))},`);
}
files.set(
  'schemas.ts',
  `${header}/** Avro schemas as JSON text, by file name. */\nexport const schemas = {\n${schemas.join('\n')}\n} as const;\n`,
);

const config = await resolveConfig(join(outDir, 'any.ts'));
const stale: string[] = [];
mkdirSync(outDir, { recursive: true });
function write(path: string, text: string): void {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  stale.push(basename(path));
  if (!process.argv.includes('--check')) writeFileSync(path, text);
}
for (const [name, text] of files) {
  write(join(outDir, name), await format(text, { ...config, parser: 'typescript' }));
}
const table = await format(toTopicTable(topics), { ...config, parser: 'markdown' });
write(architecture, replaceTopicTable(readFileSync(architecture, 'utf8'), table));
for (const name of readdirSync(outDir)) if (!files.has(name)) stale.push(`${name} (no schema)`);

if (process.argv.includes('--check') && stale.length > 0) {
  process.stderr.write(`generated files are stale, run npm run codegen: ${stale.join(', ')}\n`);
  process.exitCode = 1;
}
