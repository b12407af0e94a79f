// Which keys of Redis hold an event, read by the contract's names for them.
import {
  type CleanEvent,
  categoryKeys,
  DEFAULT_HALF_LIFE_MS,
  decayedWorth,
  type EnrichedEvent,
  type EventType,
  itemKeys,
  recentMember,
  sessionKeys,
  userKeys,
} from '@shopstream/contracts';
import type { Redis } from '@shopstream/stores';

export interface HeldIn {
  key: string;
  holds: string;
  value: string | number;
}

interface Question extends Omit<HeldIn, 'value'> {
  read: Promise<string | null>;
  show?: (value: string) => string | number;
}

const toTime = (value: string): string => new Date(Number(value)).toISOString();

/** Keys that hold something of the event; none for what becomes no feature. */
export async function readFeatureKeys(redis: Redis, event: EnrichedEvent | CleanEvent): Promise<HeldIn[]> {
  const questions = [...askUser(redis, event), ...askItem(redis, event)];
  const answers = await Promise.all(questions.map(({ read }) => read));
  return questions.flatMap(({ key, holds, show }, index) => {
    const value = answers[index] ?? null;
    return value === null ? [] : [{ key, holds, value: show?.(value) ?? value }];
  });
}

function askUser(redis: Redis, event: EnrichedEvent | CleanEvent): Question[] {
  const { namespace, user_identifier: user, session_id: session, product_id: product, timestamp } = event;
  const eventType = event.event_type as EventType;
  const session$ = sessionKeys(namespace, session).recent;
  const questions: Question[] = [];
  if (product !== null) {
    const member = recentMember({ eventType, productId: product });
    questions.push({
      key: session$,
      holds: member,
      read: notBefore(redis.zscore(session$, member), timestamp),
      show: toTime,
    });
  }
  if (user === null) return questions;
  const keys = userKeys(namespace, user);
  questions.push({
    key: keys.features,
    holds: 'last_interaction_time',
    read: redis.hget(keys.features, 'last_interaction_time'),
  });
  if (product === null) return questions;
  const member = recentMember({ eventType, productId: product });
  questions.push({
    key: keys.recent,
    holds: member,
    read: notBefore(redis.zscore(keys.recent, member), timestamp),
    show: toTime,
  });
  if (eventType === 'page_view')
    questions.push({
      key: keys.productViews,
      holds: product,
      read: redis.hget(keys.productViews, product),
      show: Number,
    });
  if (eventType === 'purchase') {
    questions.push(
      {
        key: keys.purchased,
        holds: product,
        read: notBefore(redis.zscore(keys.purchased, product), timestamp),
        show: toTime,
      },
      {
        key: keys.productPurchases,
        holds: product,
        read: redis.hget(keys.productPurchases, product),
        show: Number,
      },
    );
  }
  return questions;
}

function askItem(redis: Redis, event: EnrichedEvent | CleanEvent): Question[] {
  const { namespace, product_id: product } = event;
  if (product === null) return [];
  const category = 'product_category' in event ? event.product_category : null;
  const lists = [categoryKeys(namespace), ...(category === null ? [] : [categoryKeys(namespace, category)])];
  const { neighbours } = itemKeys(namespace, product);
  const worth = (halfLifeMs: number) => (score: string) =>
    decayedWorth(Number(score), Date.now(), halfLifeMs);
  const count = (read: Promise<number>): Promise<string | null> =>
    read.then((size) => (size === 0 ? null : String(size)));
  return [
    ...lists.flatMap(({ trending, popular }) => [
      {
        key: trending,
        holds: product,
        read: redis.zscore(trending, product),
        show: worth(DEFAULT_HALF_LIFE_MS.trending),
      },
      {
        key: popular,
        holds: product,
        read: redis.zscore(popular, product),
        show: worth(DEFAULT_HALF_LIFE_MS.popular),
      },
    ]),
    {
      key: neighbours,
      holds: 'items met together with it',
      read: count(redis.zcard(neighbours)),
      show: Number,
    },
  ];
}

/** A time at or after the event's: an older one is of another event. */
const notBefore = async (read: Promise<string | null>, timeMs: number): Promise<string | null> => {
  const score = await read;
  return score !== null && Number(score) >= timeMs ? score : null;
};
