// npm run flink -- MODEL… [--bounded]: the twins over the launcher's servers, or over those that the environment names.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createChildGuard } from '../launcher/child-guard.ts';
import { LauncherError } from '../launcher/errors.ts';
import { createConsoleLogger } from '../launcher/logger.ts';
import { loadSettings, toConnectionEnv } from '../launcher/settings.ts';
import { type ModelName, modelNames } from './models.ts';
import { runnerCommand } from './runner.ts';

const logger = createConsoleLogger();
const stopped = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopped.abort());

async function run(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { bounded: { type: 'boolean', default: false } },
  });
  const models = positionals.map(parseModel);
  if (models.length === 0) throw usage('no model is named');
  const settings = loadSettings(process.env);
  const { SERVERS_DIR: serversDir, FLINK_HEAP_MB: heapMb, DATA_DIR } = settings;
  const guard = createChildGuard();
  const command = await runnerCommand({ serversDir, heapMb, logger, signal: stopped.signal });
  const [program, ...args]: string[] = [...guard.prefix('SIGTERM'), ...command];
  const child = spawn(program ?? '', [...args, ...(values.bounded ? ['--bounded'] : []), ...models], {
    env: { FLINK_STATE_DIR: path.join(DATA_DIR, 'flink'), ...toConnectionEnv(settings), ...process.env },
    stdio: 'inherit',
  });
  guard.watch(child.pid ?? -1);
  stopped.signal.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  guard.release();
  return stopped.signal.aborted ? 0 : (code ?? 1);
}

function parseModel(name: string): ModelName {
  const found = modelNames.find((known) => known === name);
  if (found === undefined) throw usage(`there is no model ${name}`);
  return found;
}

const usage = (problem: string): LauncherError =>
  new LauncherError(
    'bad_settings',
    `${problem}: npm run flink -- MODEL… [--bounded], of ${modelNames.join(', ')}`,
  );

try {
  process.exitCode = await run();
} catch (error) {
  if (!stopped.signal.aborted)
    logger.error(
      error instanceof LauncherError ? error.message : String(error instanceof Error ? error.stack : error),
    );
  process.exitCode = stopped.signal.aborted ? 0 : 1;
}
