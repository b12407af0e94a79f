import { type ChaosOptions, type ChaosReport, atRest, makeChaos } from './chaos.ts';
import { type SentEvents, sendEvents } from './client.ts';
import { type Comparison, compareTopics } from './compare.ts';
import { untilDrained } from './drain.ts';
import { Pipeline, type PipelineOptions } from './pipeline.ts';
import { type CrashServers, startCrashServers } from './servers.ts';

export interface CrashRunOptions extends Omit<PipelineOptions, 'connection'> {
  rate: number;
  chaos: ChaosOptions;
  /** What is done to the services before the kills. */
  before?: (pipeline: Pipeline) => Promise<void>;
  /** Told what is going on. */
  onStep?: (step: string) => void;
}

export interface CrashRunReport extends Comparison, ChaosReport {
  sent: SentEvents;
  /** Output of processes that ended without having been killed. */
  endings: string[];
  seconds: number;
}

/** Servers, services and a replay of one's own; kills while it runs; afterwards the comparison. */
export async function runCrashes({
  rate,
  chaos,
  before,
  onStep,
  ...options
}: CrashRunOptions): Promise<CrashRunReport> {
  const startedAtMs = Date.now();
  const servers = await startCrashServers();
  const pipeline = new Pipeline({ ...options, connection: servers.connection });
  try {
    await pipeline.prepare();
    await pipeline.scaleAll(atRest);
    onStep?.('servers and services run; events are being sent, kills begin');
    const { sent, report } = await replayDuring(pipeline, rate, async () => {
      await before?.(pipeline);
      return makeChaos(pipeline, servers, chaos);
    });
    onStep?.(`${sent.acknowledged.size} events acknowledged, ${report.kills.length} kills; draining`);
    await untilDrained(pipeline, servers);
    onStep?.('drained; comparing');
    const comparison = await compareTopics(pipeline, sent);
    const seconds = Math.round((Date.now() - startedAtMs) / 1_000);
    return { ...comparison, ...report, sent, endings: pipeline.endings(), seconds };
  } finally {
    await end(pipeline, servers);
  }
}

/** Sends events for as long as something else goes on. */
export async function replayDuring<T>(
  pipeline: Pipeline,
  rate: number,
  work: () => Promise<T>,
): Promise<{ sent: SentEvents; report: T }> {
  let isOver = false;
  const working = work().finally(() => (isOver = true));
  const sending = sendEvents({ urls: () => pipeline.collectorUrls(), rate, isOver: () => isOver });
  const [report, sent] = await Promise.all([working, sending]);
  return { sent, report };
}

async function end(pipeline: Pipeline, servers: CrashServers): Promise<void> {
  await pipeline.remove().finally(() => servers.remove());
}
