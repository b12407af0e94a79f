#!/usr/bin/env node
import { existsSync } from 'node:fs';

const program = new URL('../dist/main.js', import.meta.url);
if (existsSync(program)) {
  process.setSourceMapsEnabled(true);
  await import(program.href);
} else {
  console.error(
    'shopstream is not built yet. Run `npm run build` (or `npm start`, which builds everything).',
  );
  process.exitCode = 1;
}
