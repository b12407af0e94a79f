// Which services make which topics, and in what order they have to run to make them anew.
import type { TopicName } from '@shopstream/contracts';

export const stageNames = ['cleaning', 'enrichment', 'sessionizer', 'popularity'] as const;
export type StageName = (typeof stageNames)[number];

interface StageTopics {
  /** The folder in `apps/`. */
  app: string;
  input: TopicName;
  /** What it makes of its input, apart from what it refuses. */
  outputs: readonly TopicName[];
  internal: readonly TopicName[];
}

export const stages: Readonly<Record<StageName, StageTopics>> = {
  cleaning: {
    app: 'ingestion',
    input: 'ecom.clickstream.v1',
    outputs: ['ecom.events-clean.v1', 'ecom.signals.v1'],
    internal: ['ecom.cleaning-changelog.v1'],
  },
  enrichment: {
    app: 'enrichment',
    input: 'ecom.events-clean.v1',
    outputs: ['ecom.events-enriched.v1'],
    internal: ['ecom.enrichment-changelog.v1'],
  },
  sessionizer: {
    app: 'sessionizer',
    input: 'ecom.events-enriched.v1',
    outputs: ['ecom.user-sessions.v1', 'ecom.late.v1'],
    internal: ['ecom.sessionizer-changelog.v1'],
  },
  popularity: {
    app: 'popularity',
    input: 'ecom.events-enriched.v1',
    outputs: ['ecom.product-popularity.v1', 'ecom.late.v1'],
    internal: [
      'ecom.popularity-split-changelog.v1',
      'ecom.popularity-partials.v1',
      'ecom.popularity-changelog.v1',
    ],
  },
};

export interface StagePlan {
  /** In the order in which they run. */
  steps: readonly { stage: StageName; readsLive: boolean }[];
  /** The one topic that is read where the platform keeps it. */
  liveInput: TopicName;
  /** Topics that the steps write. */
  topics: readonly TopicName[];
}

/** What to run for these stages; undefined where one would have to be fed by another that is not among them. */
export function planStages(wanted: readonly StageName[]): StagePlan | undefined {
  const chosen = stageNames.filter((stage) => wanted.includes(stage));
  const made = new Set(chosen.flatMap((stage) => stages[stage].outputs));
  const steps = chosen.map((stage) => ({ stage, readsLive: !made.has(stages[stage].input) }));
  const liveInputs = new Set(
    steps.filter(({ readsLive }) => readsLive).map(({ stage }) => stages[stage].input),
  );
  const [liveInput] = liveInputs;
  if (liveInput === undefined || liveInputs.size > 1) return undefined;
  const internal = chosen.flatMap((stage) => stages[stage].internal);
  return { steps, liveInput, topics: [...made, ...internal, 'ecom.dead-letter.v1'] };
}

/** Topics that show what the stages made, the least internal ones last. */
export function outputsOf(plan: Pick<StagePlan, 'steps'>): TopicName[] {
  const outputs = plan.steps.flatMap(({ stage }) => stages[stage].outputs);
  return [...new Set<TopicName>([...outputs, 'ecom.dead-letter.v1'])];
}
