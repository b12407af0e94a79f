import {
  type ConsumerGroup,
  type DataTests,
  type FlowAssertion,
  type TopicName,
  dataTests,
  topics,
} from '@shopstream/contracts';

/** What is asked of one row. */
export type RowCheck =
  | { check: 'readable' }
  | { check: 'not_null'; column: string }
  | { check: 'accepted_values'; column: string; values: readonly string[] }
  | { check: 'range'; column: string; min: number; max: number };

/** What is asked of a topic's flow. */
export type FlowCheck =
  | { check: 'max_lag'; group: ConsumerGroup; source: TopicName; limitMs: number }
  | { check: 'throughput'; minPerMinute: number; source: TopicName }
  | { check: 'silence'; warnAfterMs: number }
  | {
      check: 'staleness';
      group: ConsumerGroup;
      source: TopicName;
      warnAfterMs: number;
      errorAfterMs: number;
    };

/** One test: one question with one answer. `id` names it in metrics, messages and the topic of results. */
export type DataTest = { id: string; topic: TopicName; sampleSize: number } & (RowCheck | FlowCheck);

const DEFAULT_SAMPLE_SIZE = 1_000;

/**
 * Declarations taken apart into single tests.
 * @param only these topics; all that are declared by default
 * @throws Error for a promise of freshness that no topic makes
 */
export function toTests(declared: readonly DataTests[] = dataTests, only?: readonly TopicName[]): DataTest[] {
  return declared
    .filter(({ topic }) => only?.includes(topic) ?? true)
    .flatMap(({ name, topic, sampleSize = DEFAULT_SAMPLE_SIZE, assertions }) =>
      assertions.flatMap((assertion) =>
        toChecks(topic, assertion).map(({ suffix, ...check }) => ({
          id: `${name}/${assertion.check}${suffix === '' ? '' : `/${suffix}`}`,
          topic,
          sampleSize,
          ...check,
        })),
      ),
    );
}

type NamedCheck = { suffix: string } & (RowCheck | FlowCheck);

function toChecks(topic: TopicName, assertion: DataTests['assertions'][number]): NamedCheck[] {
  switch (assertion.check) {
    case 'readable':
      return [{ suffix: '', check: 'readable' }];
    case 'not_null':
      return assertion.columns.map((column) => ({ suffix: column, check: 'not_null', column }));
    case 'accepted_values': {
      const { column, values } = assertion;
      return [{ suffix: column, check: 'accepted_values', column, values }];
    }
    case 'range': {
      const { column, min = -Infinity, max = Infinity } = assertion;
      return [{ suffix: column, check: 'range', column, min, max }];
    }
    case 'max_lag': {
      const { group, source, seconds } = assertion;
      return [{ suffix: group, check: 'max_lag', group, source, limitMs: seconds * 1_000 }];
    }
    case 'throughput':
      return [{ suffix: '', ...assertion }];
    case 'freshness':
      return [toFreshness(topic, assertion)];
  }
}

function toFreshness(
  topic: TopicName,
  assertion: Extract<FlowAssertion, { check: 'freshness' }>,
): NamedCheck {
  const promised = topics[topic].freshness;
  if (promised === null) throw new Error(`${topic} promises no freshness`);
  if (assertion.against === 'clock')
    return { suffix: '', check: 'silence', warnAfterMs: promised.warnAfterMs };
  const { group, source } = assertion;
  return { suffix: '', check: 'staleness', group, source, ...promised };
}
