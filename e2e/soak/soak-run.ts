import { setTimeout as delay } from 'node:timers/promises';
import type { Kill } from '../crash/chaos.ts';
import { type Comparison, compareTopics } from '../crash/compare.ts';
import { type SentEvents } from '../crash/client.ts';
import { replayDuring } from '../crash/crash-run.ts';
import { untilDrained } from '../crash/drain.ts';
import { Pipeline, type StageService, stageServices } from '../crash/pipeline.ts';
import { type Random, createRandom } from '../random.ts';
import {
  type CrashServer,
  type CrashServers,
  crashServerNames,
  startCrashServers,
} from '../crash/servers.ts';
import { type Sample, takeSamples } from './samples.ts';

const KILL_EVERY_MS = 60_000;
const SERVER_DOWN_MS = 1_000;

export interface SoakOptions {
  minutes: number;
  rate: number;
  seed: number;
  onStep: (step: string) => void;
}

export interface SoakReport extends Comparison {
  sent: SentEvents;
  samples: Sample[];
  kills: Kill[];
}

/** A steady rate, a kill each minute, samples all the while; afterwards the comparison. */
export async function runSoak({ minutes, rate, seed, onStep }: SoakOptions): Promise<SoakReport> {
  const servers = await startCrashServers();
  const pipeline = new Pipeline({ connection: servers.connection, partitions: 6 });
  try {
    await pipeline.prepare();
    // The first instance of each lives through the run, the second is what gets killed.
    await pipeline.scaleAll({ ingestion: 2, enrichment: 2, sessionizer: 2, popularity: 2 });
    onStep('servers and services run');
    const { sent, report } = await replayDuring(pipeline, rate, () =>
      soak(pipeline, servers, { minutes, seed, onStep }),
    );
    onStep('draining');
    await untilDrained(pipeline, servers);
    onStep('drained; comparing');
    return { ...(await compareTopics(pipeline, sent)), ...report, sent };
  } finally {
    await pipeline.remove().finally(() => servers.remove());
  }
}

async function soak(
  pipeline: Pipeline,
  servers: CrashServers,
  { minutes, seed, onStep }: Omit<SoakOptions, 'rate'>,
): Promise<{ samples: Sample[]; kills: Kill[] }> {
  const endMs = Date.now() + minutes * 60_000;
  const kills: Kill[] = [];
  const killing = async (): Promise<void> => {
    for (const what of victims(createRandom(seed))) {
      await delay(Math.min(KILL_EVERY_MS, endMs - Date.now()));
      if (Date.now() >= endMs) return;
      onStep(`kill -9 ${what}`);
      kills.push({ what, atMs: Date.now(), inTransaction: null });
      await kill(what, pipeline, servers);
    }
  };
  const [samples] = await Promise.all([takeSamples(pipeline, servers, () => Date.now() >= endMs), killing()]);
  return { samples, kills };
}

function* victims(random: Random): Generator<StageService | CrashServer> {
  for (;;) yield* random.shuffled([...stageServices, ...crashServerNames]);
}

async function kill(
  what: StageService | CrashServer,
  pipeline: Pipeline,
  servers: CrashServers,
): Promise<void> {
  const server = crashServerNames.find((name) => name === what);
  if (server === undefined) pipeline.instances(what as StageService)[1]?.signal('SIGKILL');
  else await servers.kill(server, SERVER_DOWN_MS);
}
