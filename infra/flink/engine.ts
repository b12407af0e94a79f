// One Flink for many runs: starting it costs more than most of them.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { createChildGuard } from '../launcher/child-guard.ts';
import { type RunnerOptions, runnerCommand } from './runner.ts';
import type { ModelName } from './models.ts';

const answerSchema = z.union([
  z.object({ wallSeconds: z.number(), cpuSeconds: z.number() }),
  z.object({ error: z.string() }),
]);

/** What a run took. The first one of an engine pays for loading and compiling Flink. */
export interface RunCost {
  wallSeconds: number;
  /** Of the whole process while the run lasted, planning included. */
  cpuSeconds: number;
}

/** Variables of a run, as in the environment of `npm run flink`; what is not given is taken from this process's environment. */
export type RunSettings = Partial<
  Record<
    | 'KAFKA_BROKERS'
    | 'SCHEMA_REGISTRY_URL'
    | 'KAFKA_TOPIC_PREFIX'
    | 'INPUT_TOPIC_PREFIX'
    | 'INPUT_FROM'
    | 'OUT_OF_ORDERNESS_MS'
    | 'FLINK_PARALLELISM',
    string
  >
>;

export interface FlinkEngine {
  /**
   * Runs a model from the beginning (or INPUT_FROM) of its input to the end that this has now; all windows are final then. One run
   * after the other.
   * @throws Error with Flink's own messages
   * @example await engine.run('user-sessions', { INPUT_TOPIC_PREFIX: 'a.', KAFKA_TOPIC_PREFIX: 'b.' })
   */
  run(model: ModelName, settings: RunSettings): Promise<RunCost>;
  stop(): Promise<void>;
}

/** Starts a Flink that waits for runs. It ends with this process at the latest. */
export async function startFlink(options: RunnerOptions): Promise<FlinkEngine> {
  const guard = createChildGuard();
  const command = await runnerCommand(options);
  const [program, ...args]: string[] = [...guard.prefix('SIGKILL'), ...command, '--serve'];
  const child = spawn(program ?? '', args, { stdio: ['pipe', 'pipe', 'pipe'] });
  guard.watch(child.pid ?? -1);
  const errors: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    errors.push(line);
    errors.splice(0, errors.length - 100);
  });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let last: Promise<unknown> = Promise.resolve();

  async function runNext(model: ModelName, settings: RunSettings): Promise<RunCost> {
    child.stdin.write(`${JSON.stringify({ ...settings, model })}\n`);
    const { value } = (await answers.next()) as { value: string | undefined };
    if (value === undefined) throw new Error(`Flink has ended\n${errors.join('\n')}`);
    const answer = answerSchema.parse(JSON.parse(value));
    if ('error' in answer) throw new Error(`${model}: ${answer.error}`);
    return answer;
  }

  return {
    run(model, settings) {
      const run = last.then(() => runNext(model, settings));
      last = run.catch(() => undefined);
      return run;
    },
    async stop() {
      child.stdin.end();
      await ended;
      guard.release();
    },
  };
}
