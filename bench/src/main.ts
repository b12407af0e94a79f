import { benches } from './benches/benches.ts';
import { createContext } from './context.ts';
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
      const tables = await bench.run(context);
      for (const table of tables) printTable(table);
      writeResult(bench.name, tables);
    }
  } finally {
    await context.close();
    await servers.stop();
  }
}

try {
  await run();
} catch (error) {
  if (!stopped.signal.aborted) console.error(error);
  process.exitCode = 1;
}
