import { untilCaughtUp } from './drain.ts';
import type { Instance } from './instance.ts';
import { type Pipeline, type StageService, stageServices, stagesOf } from './pipeline.ts';
import { TransactionWatch } from './transaction-watch.ts';

const STOP_TIMEOUT_MS = 120_000;

/** Those who read first are paused last, so that there is work for all until then. */
const lastReadersFirst: readonly StageService[] = [...stageServices].reverse();

/**
 * Pauses the only instance of each service and starts another one; when the others have taken over, which the group lets them do
 * only after the session timeout, the paused ones go on where they were.
 * @param options.kafkaPort to pause in the middle of a transaction; without it at any moment
 */
export async function pauseOwners(pipeline: Pipeline, { kafkaPort }: { kafkaPort?: number }): Promise<void> {
  await untilCaughtUp(pipeline);
  const paused: Instance[] = [];
  for (const service of lastReadersFirst) {
    paused.push(await pause(pipeline, service, kafkaPort));
    await pipeline.scale(service, 2);
  }
  await untilCaughtUp(pipeline);
  for (const instance of paused) instance.signal('SIGCONT');
  await untilCaughtUp(pipeline);
}

async function pause(pipeline: Pipeline, service: StageService, kafkaPort?: number): Promise<Instance> {
  const [owner] = pipeline.instances(service);
  if (owner === undefined) throw new Error(`no ${service} runs`);
  if (kafkaPort === undefined) {
    owner.signal('SIGSTOP');
    return owner;
  }
  const watch = new TransactionWatch(kafkaPort, pipeline.prefix);
  const options = { pick: () => owner, timeoutMs: STOP_TIMEOUT_MS };
  if ((await watch.stopInTransaction(stagesOf[service], options)) === null)
    throw new Error(`${service} was not met in the middle of a transaction`);
  return owner;
}
