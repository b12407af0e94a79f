import { parseArgs } from 'node:util';
import { stageServices, stagesOf } from '../crash/pipeline.ts';
import { examples, killTable, tallyTable, toTable, writeReport, writeResult } from '../crash/report.ts';
import { deviationsOf } from '../crash/tally.ts';
import { type Sample, survivorOf } from './samples.ts';
import { type SoakReport, runSoak } from './soak-run.ts';
import { type LagVerdict, type MemoryVerdict, bounds, judgeLag, judgeMemory } from './verdict.ts';

const usage = `npm run soak -- [options]

A steady rate of events with a kill each minute. Afterwards: whether memory stayed flat and lag bounded, and the comparison of every topic
with what a batch job computes. The exit code is 1 when one of these is not so.

  --minutes M   how long (default 20)
  --rate R      events per second (default 200)
  --seed S      of the order of kills (default 1)
`;

const oneDigit = (value: number): number => Math.round(value * 10) / 10;

function memoryTable(verdicts: readonly MemoryVerdict[], report: SoakReport): string {
  const judged = new Set(verdicts.map(({ process }) => process));
  const others = new Set(report.samples.flatMap(({ memory }) => [...memory.keys()]));
  const all = [
    ...verdicts,
    ...[...others].filter((name) => !judged.has(name)).map((name) => judgeMemory(report.samples, name)),
  ];
  const rows = all.map((v) => [
    v.process,
    Math.round(v.meanMb),
    Math.round(v.maxMb),
    Math.round(v.slopeMbPerMinute * 100) / 100,
    oneDigit(v.growth * 100),
    judged.has(v.process) ? (v.isFlat ? 'flat' : 'grows') : '',
  ]);
  return toTable(['memory of', 'mean MB', 'max MB', 'slope MB/min', 'growth %', 'verdict'], rows);
}

function lagTable(verdicts: readonly LagVerdict[]): string {
  const rows = verdicts.map((v) => [v.stage, v.median, v.p95, v.max, v.isBounded ? 'bounded' : 'too much']);
  return toTable(['lag of', 'median', 'p95', 'max', 'verdict'], rows);
}

async function run(): Promise<number> {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '20' },
      rate: { type: 'string', default: '200' },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const [minutes, rate, seed] = [values.minutes, values.rate, values.seed].map(Number) as [
    number,
    number,
    number,
  ];
  const onStep = (step: string): void => console.log(`${new Date().toISOString()} ${step}`);
  const report = await runSoak({ minutes, rate, seed, onStep });
  const memory = stageServices.map((service) => judgeMemory(report.samples, survivorOf(service)));
  const lag = Object.values(stagesOf)
    .flat()
    .map((stage) => judgeLag(report.samples, stage, rate));
  const deviations = deviationsOf(report.tallies);
  const parts = [
    `${minutes} minutes at ${rate} events/s, ${report.kills.length} kills: ${report.sent.acknowledged.size} events acknowledged, ` +
      `${report.sent.retries} requests sent again. Memory is flat when the line fitted to the last two thirds of the run rises by at most ` +
      `${bounds.growth * 100} % of its mean; lag is bounded when it is never more than ${bounds.lagSeconds} s of events.`,
    memoryTable(memory, report),
    lagTable(lag),
    killTable(report.kills),
    tallyTable(report.tallies),
    examples(report.tallies),
  ];
  await writeReport('soak.md', parts);
  const toObjects = ({ minutes: at, memory: mb, lag: offsets }: Sample) => ({
    minutes: at,
    memory: Object.fromEntries(mb),
    lag: Object.fromEntries(offsets),
  });
  await writeResult('soak.json', JSON.stringify(report.samples.map(toObjects)));
  const isGood = memory.every(({ isFlat }) => isFlat) && lag.every(({ isBounded }) => isBounded);
  console.log(
    `${isGood ? 'Memory is flat and lag is bounded' : 'Memory or lag is out of bounds'}; ${deviations} deviations.`,
  );
  return isGood && deviations === 0 ? 0 : 1;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130));
process.exit(await run());
