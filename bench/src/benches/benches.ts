import type { Bench } from '../bench.ts';
import { collector } from './collector.ts';
import { freshness } from './freshness.ts';
import { gateway } from './gateway.ts';
import { memory } from './memory.ts';
import { stages } from './stages.ts';
import { whole } from './whole.ts';

/** In the order in which they run. */
export const benches: readonly Bench[] = [collector, stages, whole, freshness, gateway, memory];
