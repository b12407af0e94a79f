// `npm start`: one process from the first line on, so that a signal finds the one that stops everything.
import './bootstrap.mjs';

const { register } = await import('tsx/esm/api');
register();
await import('./start/main.ts');
