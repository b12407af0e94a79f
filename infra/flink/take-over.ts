// Where a twin begins that takes the place of a stage.
import type { Streams } from '@shopstream/streams';
import { LauncherError } from '../launcher/errors.ts';
import type { ModelName } from './models.ts';

type Stage = Parameters<Streams['fenceStage']>[0];

/** Stages whose state is their position alone, so that a twin goes on exactly where they ended. */
const stages: Partial<Record<ModelName, Stage>> = {
  'events-enriched': {
    name: 'enrichment',
    input: 'ecom.events-clean.v1',
    changelog: 'ecom.enrichment-changelog.v1',
  },
};

/**
 * Fences the owners of the model's stage, and answers where each partition of its input stands then, as INPUT_FROM has it. The stage
 * must not run: an instance that does takes its partitions anew, and every row would come twice.
 * @example await positionsOf('events-enriched', streams) // '0:1500,1:1498'
 */
export async function positionsOf(model: ModelName, streams: Streams): Promise<string> {
  const stage = stages[model];
  if (stage === undefined) {
    const names = Object.keys(stages).join(', ');
    throw new LauncherError('bad_settings', `--take-over: ${model} is none of those that can be: ${names}`);
  }
  await streams.fenceStage(stage);
  const inputs = await streams.admin.endOffsets(stage.input);
  const positions = new Map([...inputs].map(([partition, { low }]) => [partition, low]));
  await streams.readLog(
    { topic: stage.changelog, from: 'beginning', until: 'now' },
    ({ partition, value }) => {
      if (value instanceof Error) throw value;
      if (value?.kind !== 'position') return;
      const { next } = JSON.parse(value.state) as { next: string | null };
      if (next !== null) positions.set(partition, BigInt(next));
    },
  );
  return [...positions].map(([partition, offset]) => `${partition}:${offset}`).join(',');
}
