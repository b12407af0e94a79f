import type { TopicName } from '@shopstream/contracts';
import { topicNames } from '@shopstream/contracts';
import type { StreamsAdmin } from './admin.ts';
import type { LogRecord, ReadLogOptions } from './log-reader.ts';
import { POSITION_KEY, parsePosition } from './stage/partition-owner.ts';
import type { Tally } from './stage/tally.ts';
import type { ChangelogTopic } from './types.ts';

/** What a stage has made of one partition of its input, counted in the transactions that did it. */
export interface StageTally extends Tally {
  stage: string;
  /** The stage's input. */
  topic: TopicName;
  partition: number;
}

export interface TallyDeps {
  admin: StreamsAdmin;
  readLog: (
    options: ReadLogOptions<ChangelogTopic>,
    onRecord: (record: LogRecord<ChangelogTopic>) => void,
  ) => Promise<void>;
}

const isChangelog = (topic: TopicName): topic is ChangelogTopic => topic.endsWith('-changelog.v1');

/** Tallies of every stage and partition, from the stages' changelogs. */
export async function readTallies({ admin, readLog }: TallyDeps): Promise<StageTally[]> {
  const existing = new Set(
    (await admin.describeTopics()).filter(({ exists }) => exists).map(({ topic }) => topic),
  );
  const perTopic = topicNames
    .filter(isChangelog)
    .filter((topic) => existing.has(topic))
    .map(async (topic) => {
      const newest = new Map<number, StageTally>();
      await readLog({ topic, from: 'beginning', until: 'now' }, ({ key, partition, value }) => {
        if (value instanceof Error) throw value;
        if (value === null || key?.toString() !== POSITION_KEY) return;
        const { stage, input, tally } = parsePosition(value.state);
        newest.set(partition, { stage, topic: input, partition, ...tally });
      });
      return [...newest.values()];
    });
  return (await Promise.all(perTopic)).flat();
}
