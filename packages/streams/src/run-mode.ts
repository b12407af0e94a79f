// Which part of its input a stage reads, and whether it ends.
import { ConfigError } from '@shopstream/platform';
import { z } from 'zod';
import type { LogPlace } from './log-place.ts';

/** What is in the input of a stage that has no position yet. */
export interface RunMode {
  /** Ends by itself when the input that there was at its start is processed, with all windows closed. */
  isBounded: boolean;
  from: 'beginning' | LogPlace;
  /** Of a bounded run only. Partitions that are not named are read to their end. */
  until: 'end' | LogPlace;
}

const PREFIX = /^[a-zA-Z0-9._-]{0,64}$/;
const PREFIX_RULE = 'must be at most 64 characters of a-z, 0-9, dot, hyphen, underscore';
/** An empty setting counts as a missing one. */
const NO_PREFIX = 'none';

export const envPrefix = () => z.string().regex(PREFIX, PREFIX_RULE);

/** The prefix of topics that others write; `none` for topics without one. */
export const envInputPrefix = () => envPrefix().transform((text) => (text === NO_PREFIX ? '' : text));

/** Settings of services with stages, to be spread into their schema. */
export const stageConfigShape = {
  /** `bounded`: process what there is, close all windows, end with exit code 0. */
  RUN_MODE: z.enum(['live', 'bounded']).default('live'),
  /** Of the topics that other services write; KAFKA_TOPIC_PREFIX by default. */
  INPUT_TOPIC_PREFIX: envInputPrefix().optional(),
  /** Where partitions without a position begin. */
  INPUT_FROM: envPlace('beginning').default('beginning'),
  /** Where a bounded run ends, at most at the end that the input has at its start. */
  INPUT_UNTIL: envPlace('end').default('end'),
};

export type StageConfig = z.output<z.ZodObject<typeof stageConfigShape>>;

/** @throws ConfigError where settings contradict each other */
export function toRunMode(config: Partial<StageConfig>): RunMode {
  const isBounded = config.RUN_MODE === 'bounded';
  const until = config.INPUT_UNTIL ?? 'end';
  if (!isBounded && until !== 'end') throw new ConfigError(['INPUT_UNTIL: needs RUN_MODE=bounded']);
  return { isBounded, from: config.INPUT_FROM ?? 'beginning', until };
}

/**
 * A place in a log as people write it, undefined for what is none.
 * @example parsePlace('2026-01-05T12:00:00Z')
 * @example parsePlace('0:1500,1:1498')
 */
export function parsePlace(text: string): LogPlace | undefined {
  const time = z.iso.datetime({ offset: true }).safeParse(text);
  if (time.success) return { timeMs: Date.parse(time.data) };
  const pairs = text.split(',').map((pair) => /^(\d{1,9}):(\d{1,18})$/.exec(pair.trim()));
  const offsets = new Map<number, bigint>();
  for (const pair of pairs) {
    const [, partition, offset] = pair ?? [];
    if (partition === undefined || offset === undefined) return undefined;
    offsets.set(Number(partition), BigInt(offset));
  }
  return { offsets };
}

function envPlace<Word extends 'beginning' | 'end'>(word: Word) {
  return z.string().transform((text, context): Word | LogPlace => {
    const place = text === word ? word : parsePlace(text);
    if (place !== undefined) return place;
    const message = `must be ${word}, a time such as 2026-01-05T12:00:00Z, or offsets such as 0:1500,1:1498`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
}
