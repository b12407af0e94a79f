import type { ServiceName } from '@shopstream/infra';
import { type ConsumerGroup, consumerGroups } from '@shopstream/contracts';
import type { Child } from '../platform/child.ts';
import { type Groups, untilDrained } from '../platform/drain.ts';
import type { Platform } from '../platform/platform.ts';
import { cpuSeconds } from '../platform/process-usage.ts';

export interface StageCase {
  service: ServiceName;
  what: string;
  groups: readonly ConsumerGroup[];
}

/** In the order of the flow. */
export const stageCases: readonly StageCase[] = [
  { service: 'ingestion', what: 'cleaning', groups: ['cleaning'] },
  { service: 'enrichment', what: 'enrichment', groups: ['enrichment'] },
  { service: 'sessionizer', what: 'sessionizer', groups: ['sessionizer'] },
  { service: 'popularity', what: 'popularity, both steps', groups: ['popularity-split', 'popularity'] },
  { service: 'interactions', what: 'interactions → Cassandra', groups: ['interactions'] },
  { service: 'features', what: 'features → Redis', groups: ['features'] },
];

export interface StageResult {
  what: string;
  perSecond: number;
  cpuSecondsPerMillion: number;
  totalSeconds: number;
}

export async function measureStage(
  platform: Platform,
  stage: StageCase,
  events: number,
): Promise<StageResult> {
  const groups = Object.fromEntries(stage.groups.map((group) => [group, consumerGroups[group]]));
  const start = () => platform.begin(stage.service);
  const result = await measureReading(platform, { start, groups, events });
  await platform.stop(stage.service);
  return { what: stage.what, ...result };
}

/** Watches a process read its topics up, from its start to no lag. */
export async function measureReading(
  platform: Platform,
  { start, groups, events }: { start: () => Child; groups: Groups; events: number },
): Promise<Omit<StageResult, 'what'>> {
  const startedMs = performance.now();
  const child = start();
  const marks: { atMs: number; cpu: number; share: number }[] = [];
  const drainedMs = await untilDrained(platform, {
    groups,
    onProgress: ({ read, behind, atMs }) => {
      child.assertAlive();
      marks.push({ atMs, cpu: cpuSeconds(child.pid), share: read / (read + behind) });
    },
  });
  const last = marks.findLast(({ atMs }) => atMs <= drainedMs) ?? marks.at(-1);
  // The last look at which nothing had been read stands in where one look missed all of the work.
  const first =
    marks.find(({ share }) => share > 0 && share < 1) ?? marks.findLast(({ share }) => share === 0);
  if (first === undefined || last === undefined) throw new Error('nothing was read');
  const done = events * (last.share - first.share);
  return {
    perSecond: (done / (last.atMs - first.atMs)) * 1_000,
    cpuSecondsPerMillion: ((last.cpu - first.cpu) / done) * 1e6,
    totalSeconds: (drainedMs - startedMs) / 1_000,
  };
}
