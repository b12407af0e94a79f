// npm run flink -- MODEL… [--bounded | --take-over]: the twins over the launcher's servers, or over those that the environment names.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Environment, createLogger, createMetrics } from '@shopstream/platform';
import { createStreams, kafkaConfigShape } from '@shopstream/streams';
import { z } from 'zod';
import { createChildGuard } from '../launcher/child-guard.ts';
import { LauncherError } from '../launcher/errors.ts';
import { createConsoleLogger } from '../launcher/logger.ts';
import { loadSettings, toConnectionEnv } from '../launcher/settings.ts';
import { type ModelName, modelNames } from './models.ts';
import { runnerCommand } from './runner.ts';
import { positionsOf } from './take-over.ts';

const logger = createConsoleLogger();
const stopped = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopped.abort());

async function run(): Promise<number> {
  const { models, isBounded, takesOver } = readArguments();
  const settings = loadSettings(process.env);
  const stateDir = path.join(settings.DATA_DIR, 'flink');
  const env: Environment = { FLINK_STATE_DIR: stateDir, ...toConnectionEnv(settings), ...process.env };
  const { SERVERS_DIR: serversDir, FLINK_HEAP_MB: heapMb } = settings;
  const command = await runnerCommand({ serversDir, heapMb, logger, signal: stopped.signal });
  const start = takesOver ? { INPUT_FROM: await takeOver(models, env) } : {};
  const guard = createChildGuard();
  const [program, ...args]: string[] = [...guard.prefix('SIGTERM'), ...command];
  const child = spawn(program ?? '', [...args, ...(isBounded ? ['--bounded'] : []), ...models], {
    env: { ...env, ...start },
    stdio: 'inherit',
  });
  guard.watch(child.pid ?? -1);
  stopped.signal.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  guard.release();
  return stopped.signal.aborted ? 0 : (code ?? 1);
}

/** Positions count once, at the beginning of a twin; from then on its own state does. */
async function takeOver([model, ...more]: readonly ModelName[], env: Environment): Promise<string> {
  if (model === undefined || more.length > 0) throw usage('--take-over is for one model');
  const stateDir = path.join(env['FLINK_STATE_DIR'] ?? '', model);
  if (existsSync(stateDir)) {
    throw new LauncherError(
      'bad_settings',
      `${stateDir} has state of this twin already: start it without --take-over`,
    );
  }
  const streams = createStreams(z.object(kafkaConfigShape).parse(env), {
    name: 'take-over',
    logger: createLogger({ name: 'take-over', level: 'warn' }),
    metrics: createMetrics('take-over'),
  });
  try {
    const positions = await positionsOf(model, streams);
    logger.info(`${model}: begins at ${positions}`);
    return positions;
  } finally {
    await streams.admin.stop();
  }
}

function readArguments(): { models: ModelName[]; isBounded: boolean; takesOver: boolean } {
  const flag = { type: 'boolean', default: false } as const;
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { bounded: flag, 'take-over': flag },
  });
  if (positionals.length === 0) throw usage('no model is named');
  return {
    models: positionals.map(parseModel),
    isBounded: values.bounded,
    takesOver: values['take-over'],
  };
}

function parseModel(name: string): ModelName {
  const found = modelNames.find((known) => known === name);
  if (found === undefined) throw usage(`there is no model ${name}`);
  return found;
}

function usage(problem: string): LauncherError {
  const models = modelNames.join(', ');
  return new LauncherError(
    'bad_settings',
    `${problem}: npm run flink -- MODEL… [--bounded | --take-over], of ${models}`,
  );
}

try {
  process.exitCode = await run();
} catch (error) {
  if (!stopped.signal.aborted)
    logger.error(
      error instanceof LauncherError ? error.message : String(error instanceof Error ? error.stack : error),
    );
  process.exitCode = stopped.signal.aborted ? 0 : 1;
}
