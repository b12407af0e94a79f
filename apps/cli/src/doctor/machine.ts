import { execFile } from 'node:child_process';
import { statfs } from 'node:fs/promises';
import { promisify } from 'node:util';
import { type Finding, fine, problem } from './finding.ts';

const run = promisify(execFile);

const NEEDED = { node: [20, 19], javaMajor: 17, memoryGb: 3, diskGb: 3 } as const;
const GB = 1024 ** 3;
const COMMAND_TIMEOUT_MS = 20_000;

/** What the embedded servers and the build need of this machine. */
export async function checkMachine(): Promise<Finding[]> {
  return [
    checkNode(process.versions.node),
    checkJava(await outputOf('java', ['-version'])),
    checkMaven(await outputOf('mvn', ['-v'])),
    checkMemory(process.availableMemory()),
    checkDisk(await freeDisk()),
  ];
}

export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [neededMajor, neededMinor] = NEEDED.node;
  if (major > neededMajor || (major === neededMajor && minor >= neededMinor))
    return fine('machine', 'Node.js', version);
  const detail = `${version}, needed is ${neededMajor}.${neededMinor} or newer`;
  return problem('machine', 'Node.js', { detail, advice: 'install the current Node.js 20 or a newer one' });
}

/** @param output of `java -version`; undefined when there is none */
export function checkJava(output: string | undefined): Finding {
  const [, version] = /version "([^"]+)"/.exec(output ?? '') ?? [];
  const advice =
    'install a JDK 17 and put its bin folder in PATH; Kafka, Cassandra and the registry run on it';
  if (version === undefined) return problem('machine', 'Java', { detail: 'not found', advice });
  // Java 8 called itself 1.8.
  const major = Number(version.replace(/^1\./, '').split(/[.\-+]/)[0]);
  if (major >= NEEDED.javaMajor) return fine('machine', 'Java', version);
  return problem('machine', 'Java', { detail: `${version}, needed is ${NEEDED.javaMajor} or newer`, advice });
}

export function checkMaven(output: string | undefined): Finding {
  const [, version] = /Apache Maven (\d[\w.-]*)/.exec(output ?? '') ?? [];
  if (version !== undefined) return fine('machine', 'Maven', version);
  return problem('machine', 'Maven', {
    detail: 'not found',
    advice: 'install Maven 3.6 or newer; it fetches the servers on the first start',
  });
}

export function checkMemory(availableBytes: number): Finding {
  const detail = `${(availableBytes / GB).toFixed(1)} GB available`;
  if (availableBytes >= NEEDED.memoryGb * GB) return fine('machine', 'memory', detail);
  return problem('machine', 'memory', {
    detail: `${detail}, wanted are ${NEEDED.memoryGb}`,
    advice:
      'close other programs, or give the servers less in .env (…_HEAP_MB); fine while the platform runs already',
  });
}

export function checkDisk(freeBytes: number): Finding {
  const detail = `${(freeBytes / GB).toFixed(1)} GB free`;
  if (freeBytes >= NEEDED.diskGb * GB) return fine('machine', 'disk', detail);
  const advice = 'make room, or move DATA_DIR in .env to another disk';
  return problem('machine', 'disk', { detail: `${detail}, wanted are ${NEEDED.diskGb}`, advice });
}

async function freeDisk(): Promise<number> {
  const { bavail, bsize } = await statfs(process.cwd());
  return bavail * bsize;
}

/** What a program says of itself; undefined when it is not there. */
async function outputOf(program: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout, stderr } = await run(program, args, { timeout: COMMAND_TIMEOUT_MS });
    return stdout + stderr;
  } catch {
    return undefined;
  }
}
