import type { Bench } from '../bench.ts';
import { collector } from './collector.ts';
import { freshness } from './freshness.ts';
import { gateway } from './gateway.ts';
import { growth } from './growth.ts';
import { memory } from './memory.ts';
import { stages } from './stages.ts';
import { streams } from './streams.ts';
import { whole } from './whole.ts';

/** In the order in which they run. */
export const benches: readonly Bench[] = [
  collector,
  stages,
  streams,
  growth,
  whole,
  freshness,
  gateway,
  memory,
];
