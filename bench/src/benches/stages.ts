import type { Bench } from '../bench.ts';
import { copyTopic } from '../reference/copy-topic-run.ts';
import type { Cell, Table } from '../report/table.ts';
import { produceBacklog } from '../stages/backlog.ts';
import { type StageResult, measureStage, stageCases } from '../stages/measure-stage.ts';

/** Each service alone with a backlog before it: the one behind it in the flow finds what it has written. */
export const stages: Bench = {
  name: 'stages',
  about: 'events a second of each stage alone, on a backlog',
  async run({ createPlatform, options, say, signal }) {
    const platform = await createPlatform();
    const { events, source } = await produceBacklog(platform, options);
    say(`${events.toLocaleString('en')} events, ${source}`);
    const results: StageResult[] = [await copyTopic(platform, events)];
    const failures: string[] = [];
    for (const stage of stageCases) {
      signal.throwIfAborted();
      say(stage.service);
      try {
        results.push(await measureStage(platform, stage, events));
      } catch (error) {
        // The stages behind it read what is there already.
        failures.push(`${stage.what} failed: ${String(error).slice(0, 300)}`);
        await platform.stop(stage.service);
      }
    }
    await platform.remove();
    return [toTable(results, { what: `${events.toLocaleString('en')} events, ${source}`, failures })];
  },
};

function toTable(results: StageResult[], { what, failures }: { what: string; failures: string[] }): Table {
  const [copy] = results;
  return {
    title: `Stages alone on a backlog of ${what}`,
    head: [
      'stage',
      'events/s',
      'CPU s / 1M events',
      'process start to drained, s',
      '÷ bare copy, events/s',
      '× its CPU',
    ],
    rows: results.map(({ what: stage, perSecond, cpuSecondsPerMillion, totalSeconds }): Cell[] => [
      stage,
      perSecond,
      cpuSecondsPerMillion,
      totalSeconds,
      copy === undefined ? null : perSecond / copy.perSecond,
      copy === undefined ? null : cpuSecondsPerMillion / copy.cpuSecondsPerMillion,
    ]),
    notes: [
      'Rate and CPU from the first commit that was seen to the last, the start of the process left out. CPU of the process, without the servers.',
      'The bare copy: kafkajs reads clickstream and writes the same bytes, without decoding, transactions or state.',
      ...failures,
    ],
  };
}
