import type { Redis } from '@shopstream/stores';
import { addDecayedScript } from './add-decayed-script.ts';
import { updatePopularityScript } from './update-popularity-script.ts';
import { updateUserScript } from './update-user-script.ts';

type Argument = string | number;

/** A pipeline with our scripts as commands. */
export type ScriptedPipeline = ReturnType<Redis['pipeline']> & {
  addDecayed(...args: Argument[]): unknown;
  updateUser(...args: Argument[]): unknown;
  updatePopularity(...args: Argument[]): unknown;
};

/** Sends the commands that `queue` adds, all at once, and answers their replies. Throws the first error among them. */
export async function runPipeline(
  redis: Redis,
  queue: (pipeline: ScriptedPipeline) => void,
): Promise<unknown[]> {
  const pipeline = redis.pipeline() as ScriptedPipeline;
  queue(pipeline);
  if (pipeline.length === 0) return [];
  const replies = (await pipeline.exec()) ?? [];
  return replies.map(([error, reply]) => {
    if (error) throw error;
    return reply;
  });
}

/** Makes the scripts known to the connection; they are loaded where they are missing. */
export function defineScripts(redis: Redis): void {
  redis.defineCommand('addDecayed', { numberOfKeys: 2, lua: addDecayedScript });
  redis.defineCommand('updateUser', { numberOfKeys: 10, lua: updateUserScript });
  redis.defineCommand('updatePopularity', { numberOfKeys: 1, lua: updatePopularityScript });
}
