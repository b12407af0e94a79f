// The stages' builds and what they find in their environment when a command runs them over topics of their own.
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Environment } from '@shopstream/platform';
import { type CliConfig, appsFolder, ownEnvironment } from './config.ts';
import { UsageError } from './context.ts';
import { type StageName, stages } from './domain/stage-plan.ts';

/** An empty prefix would count as no setting. */
const prefixSetting = (prefix: string): string => (prefix === '' ? 'none' : prefix);

/** The build of a stage. @param folder a checkout, an app or its `dist`; this checkout by default */
export function findBuild(stage: StageName, folder?: string): string {
  const { app } = stages[stage];
  const candidates =
    folder === undefined
      ? [path.join(appsFolder, app, 'dist', 'main.js')]
      : [path.join('apps', app, 'dist', 'main.js'), path.join('dist', 'main.js'), 'main.js', ''].map((file) =>
          path.resolve(folder, file),
        );
  const found = candidates.find((file) => file.endsWith('.js') && existsSync(file));
  if (found !== undefined) return found;
  throw new UsageError(
    `there is no build of ${app}: looked for ${candidates.join(', ')}; \`npm run build\` makes it`,
  );
}

export interface StageSettings {
  /** Of everything that the stage writes. */
  prefix: string;
  /** What it reads of the platform's own topic; without it, what there is under its prefix. */
  live?: { from: string; until: string };
}

/** Settings of a stage: those of this process, over the platform's servers. */
export function stageEnvironment(config: CliConfig, { prefix, live }: StageSettings): Environment {
  return {
    ...ownEnvironment(),
    KAFKA_BROKERS: config.KAFKA_BROKERS.join(','),
    KAFKA_TOPIC_PREFIX: prefix,
    SCHEMA_REGISTRY_URL: config.SCHEMA_REGISTRY_URL,
    REDIS_URL: config.REDIS_URL,
    // Claims of its own: to the platform's, every event would be a duplicate.
    REDIS_KEY_PREFIX: config.REDIS_KEY_PREFIX + prefix,
    PRODUCTS_TOPIC_PREFIX: prefixSetting(config.KAFKA_TOPIC_PREFIX),
    INPUT_TOPIC_PREFIX: live === undefined ? prefix : prefixSetting(config.KAFKA_TOPIC_PREFIX),
    INPUT_FROM: live?.from ?? 'beginning',
    ...(live !== undefined && { INPUT_UNTIL: live.until }),
  };
}
