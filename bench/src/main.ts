import { benches } from './benches/benches.ts';
import type { Bench } from './bench.ts';
import { type Context, createContext } from './context.ts';
import { readOptions } from './options.ts';
import { startBenchServers } from './platform/bench-servers.ts';
import { writeResult } from './report/result-file.ts';
import { printTable } from './report/table.ts';

const stopped = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopped.abort());

async function run(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  const chosen = benches.filter(({ name }) => options.names.length === 0 || options.names.includes(name));
  const servers = await startBenchServers(options.servers, stopped.signal);
  const context = createContext({ servers, options, signal: stopped.signal });
  try {
    for (const bench of chosen) {
      console.log(`\n${bench.name}: ${bench.about}`);
      await runBench(bench, context);
    }
  } finally {
    await context.close().finally(() => servers.stop());
  }
}

/** One that fails leaves the others their turn. */
async function runBench(bench: Bench, context: Context): Promise<void> {
  try {
    const tables = await bench.run(context);
    for (const table of tables) printTable(table);
    writeResult(bench.name, tables);
  } catch (error) {
    if (stopped.signal.aborted) throw error;
    console.error(`${bench.name} failed:`, error);
    process.exitCode = 1;
  }
}

try {
  await run();
} catch (error) {
  if (!stopped.signal.aborted) console.error(error);
  process.exitCode = 1;
}
// Connections that a failed bench left open would keep the process.
process.exit();
