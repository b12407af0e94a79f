import { withDeadline } from '@shopstream/platform';
import type { TopicStatus } from '@shopstream/streams';
import { withStreams } from '../adapters/kafka.ts';
import type { CliConfig } from '../config.ts';
import { stateOf } from '../domain/topic-state.ts';
import { type Finding, fine, problem } from './finding.ts';

const ANSWER_TIMEOUT_MS = 15_000;

/** Whether every topic is there as declared. To be called when Kafka answers. */
export async function checkTopics(config: CliConfig): Promise<Finding[]> {
  const states = await withStreams(config, ({ admin }) =>
    withDeadline(admin.describeTopics(), ANSWER_TIMEOUT_MS, 'topics'),
  );
  const wrong = states.filter((state) => stateOf(state) !== 'ok');
  if (wrong.length === 0) return [fine('topics', 'topics', `${states.length} as declared`)];
  return wrong.map(toProblem);
}

function toProblem(status: TopicStatus): Finding {
  const advice = status.exists
    ? 'give it the declared partitions with a migration: adding some moves keys, see the architecture document'
    : '`npm run provision` creates it';
  return problem('topics', status.topic, { detail: stateOf(status), advice });
}
