// Writes sql/tables.sql. With --check nothing is written; when it is stale the exit code is 1.
import { readFileSync, writeFileSync } from 'node:fs';
import { toTables } from './tables.ts';

const file = new URL('sql/tables.sql', import.meta.url);
if (!process.argv.includes('--check')) writeFileSync(file, toTables());
else if (readFileSync(file, 'utf8') !== toTables()) {
  process.stderr.write('infra/flink/sql/tables.sql is stale, run npm run codegen\n');
  process.exitCode = 1;
}
