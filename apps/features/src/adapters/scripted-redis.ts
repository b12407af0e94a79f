import type { Redis } from '@shopstream/stores';
import pLimit from 'p-limit';
import { addDecayedScript } from './add-decayed-script.ts';
import { rememberSessionScript } from './remember-session-script.ts';
import { updatePopularityScript } from './update-popularity-script.ts';
import { updateUserScript } from './update-user-script.ts';

/** Redis does one thing at a time: more would only wait there, until the commands' deadline. */
const MAX_PIPELINES_IN_FLIGHT = 2;

type Argument = string | number;

/** A pipeline with our scripts as commands. */
export type ScriptedPipeline = ReturnType<Redis['pipeline']> & {
  addDecayed(...args: Argument[]): unknown;
  rememberSession(...args: Argument[]): unknown;
  updateUser(...args: Argument[]): unknown;
  updatePopularity(...args: Argument[]): unknown;
};

/** Sends the commands that `queue` adds, all at once, and answers their replies. Throws the first error among them. */
export type RunPipeline = (queue: (pipeline: ScriptedPipeline) => void) => Promise<unknown[]>;

/** Makes our scripts known to the connection; they are loaded where they are missing. */
export function createPipelines(redis: Redis): RunPipeline {
  redis.defineCommand('addDecayed', { numberOfKeys: 2, lua: addDecayedScript });
  redis.defineCommand('rememberSession', { numberOfKeys: 1, lua: rememberSessionScript });
  redis.defineCommand('updateUser', { numberOfKeys: 10, lua: updateUserScript });
  redis.defineCommand('updatePopularity', { numberOfKeys: 1, lua: updatePopularityScript });
  const limit = pLimit(MAX_PIPELINES_IN_FLIGHT);

  return (queue) =>
    limit(async () => {
      const pipeline = redis.pipeline() as ScriptedPipeline;
      queue(pipeline);
      if (pipeline.length === 0) return [];
      const replies = (await pipeline.exec()) ?? [];
      return replies.map(([error, reply]) => {
        if (error) throw error;
        return reply;
      });
    });
}
