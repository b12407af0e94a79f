import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { lagOf } from '../crash/drain.ts';
import { type Pipeline, stageServices } from '../crash/pipeline.ts';
import { type CrashServers, crashServerNames } from '../crash/servers.ts';

const EVERY_MS = 5_000;
const run = promisify(execFile);

export interface Sample {
  minutes: number;
  /** Resident megabytes by process. */
  memory: Map<string, number>;
  /** Offsets that a stage has not read yet. */
  lag: Map<string, number>;
}

/** The process that no kill ends, whose memory is judged. */
export const survivorOf = (service: string): string => `${service}, never killed`;

/** Looks at memory and lag every five seconds until told to end. */
export async function takeSamples(
  pipeline: Pipeline,
  servers: CrashServers,
  isOver: () => boolean,
): Promise<Sample[]> {
  const samples: Sample[] = [];
  const startedAtMs = Date.now();
  while (!isOver()) {
    const minutes = (Date.now() - startedAtMs) / 60_000;
    const memory = await memoryOf(processes(pipeline, servers));
    // While the broker is away nobody knows the lag.
    const lag = await lagOf(pipeline).catch(() => new Map<string, bigint>());
    samples.push({ minutes, memory, lag: new Map([...lag].map(([stage, count]) => [stage, Number(count)])) });
    await delay(EVERY_MS);
  }
  return samples;
}

function processes(pipeline: Pipeline, servers: CrashServers): Map<string, number> {
  const named: [string, number | undefined][] = [
    ...stageServices.flatMap((service): [string, number | undefined][] => {
      const [survivor, victim] = pipeline.instances(service);
      return [
        [survivorOf(service), survivor?.pid],
        [`${service}, killed`, victim?.pid],
      ];
    }),
    ...crashServerNames.map((name): [string, number | undefined] => [name, servers.pid(name)]),
  ];
  return new Map(named.flatMap(([name, pid]) => (pid === undefined ? [] : [[name, pid] as const])));
}

async function memoryOf(pids: ReadonlyMap<string, number>): Promise<Map<string, number>> {
  // It answers for those that are there and complains about the others by its exit code.
  const listed = await run('ps', ['-o', 'pid=,rss=', '-p', [...pids.values()].join(',')]).catch(
    (error: unknown) => error as { stdout?: string },
  );
  const kilobytes = new Map(
    (listed.stdout ?? '').split('\n').flatMap((line) => {
      const [pid, rss] = line.trim().split(/\s+/).map(Number);
      return pid === undefined || rss === undefined ? [] : [[pid, rss] as const];
    }),
  );
  return new Map(
    [...pids].flatMap(([name, pid]) => {
      const rss = kilobytes.get(pid);
      return rss === undefined ? [] : [[name, rss / 1_024] as const];
    }),
  );
}
