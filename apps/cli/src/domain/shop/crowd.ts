// Visits of many shoppers at a time, as one stream of events in the order of the shop's clock.
import type { EventRequest } from '../csv-event.ts';
import { createChance } from './chance.ts';
import type { Shop } from './products.ts';
import { createShopper, type Shopper } from './shopper.ts';
import type { Step } from './notes.ts';
import { visit } from './visit.ts';

export interface CrowdOptions {
  seed: number;
  shop: Shop;
  shoppers: number;
  /** Visits going on at a time. */
  visitors: number;
  /** Part of every event and session id: with the same name the same ids come again. At most 16 characters. */
  run: string;
}

export interface CrowdEvent {
  /** On the shop's clock, from 0. */
  atMs: number;
  event: EventRequest;
}

interface Visitor {
  shopper: Shopper;
  steps: Generator<Step, void>;
  next: CrowdEvent;
}

/** Time between two events of a visit on average: what decides how many visits make how many events a second. */
export const MEAN_GAP_MS = 3_800;

/** Endless. The same options give the same events. */
export function* crowd(options: CrowdOptions): Generator<CrowdEvent, never> {
  const { seed, shop, shoppers } = options;
  const chance = createChance(seed, 'crowd');
  const people = Array.from({ length: shoppers }, (_, index) => createShopper(seed, index + 1, shop));
  const idle = [...people];
  const earlierVisits = new Map<Shopper, number>();
  let visits = 0;

  function arrive(atMs: number): Visitor {
    for (;;) {
      const [shopper] = idle.splice(chance.integer(0, idle.length - 1), 1) as [Shopper];
      visits += 1;
      const earlier = earlierVisits.get(shopper) ?? 0;
      earlierVisits.set(shopper, earlier + 1);
      const steps = visit({
        shop,
        shopper,
        chance: createChance(seed, `visit ${visits}`),
        visitId: `${options.run}-${visits}`,
        // The shop is older than this run: some account holders have been here before.
        isReturning: earlier > 0 || (shopper.userId !== null && chance.happens(0.5)),
      });
      const first = steps.next();
      if (!first.done) return { shopper, steps, next: { atMs, event: first.value.event } };
      idle.push(shopper);
    }
  }

  const present = Array.from({ length: Math.min(options.visitors, shoppers) }, () =>
    arrive(chance.integer(0, MEAN_GAP_MS)),
  );
  for (;;) {
    const visitor = earliest(present);
    yield visitor.next;
    const step = visitor.steps.next();
    if (!step.done) {
      visitor.next = { atMs: visitor.next.atMs + step.value.afterMs, event: step.value.event };
      continue;
    }
    idle.push(visitor.shopper);
    present[present.indexOf(visitor)] = arrive(visitor.next.atMs + chance.duration(MEAN_GAP_MS));
  }
}

function earliest(present: readonly Visitor[]): Visitor {
  return present.reduce((first, other) => (other.next.atMs < first.next.atMs ? other : first));
}
