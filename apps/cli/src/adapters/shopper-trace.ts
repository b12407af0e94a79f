import type {
  CleanEvent,
  EnrichedEvent,
  HistoryResponse,
  RecommendationsResponse,
} from '@shopstream/contracts';
import { request } from 'undici';

const ANSWER_TIMEOUT_MS = 10_000;
const PAGE = 100;

export type Interaction = HistoryResponse['interactions'][number];

export interface ListTrace {
  /** Items recommended because the event's item was met. */
  because_of_it: { item_id: string; rank: number }[];
  /** Rank of the event's item itself; null where it is not in the list. */
  own_rank: number | null;
  items: number;
}

/** The interaction of an event in its user's history. @throws ServiceError-like errors of the connection */
export async function findInHistory(
  gateway: string,
  event: EnrichedEvent | (CleanEvent & { user_identifier: string | null }),
): Promise<Interaction | undefined> {
  const user = encodeURIComponent(event.user_identifier ?? '');
  let before = new Date(event.timestamp + 1).toISOString();
  for (;;) {
    const query = new URLSearchParams({ limit: String(PAGE), before }).toString();
    const page = await ask<HistoryResponse>(`${gateway}/v1/users/${user}/history?${query}`, event);
    const found = page.interactions.find(({ event_id }) => event_id === event.event_id);
    const last = page.interactions.at(-1);
    const isPast = last === undefined || Date.parse(last.timestamp) < event.timestamp;
    if (found !== undefined || isPast || page.next_before === undefined) return found;
    before = page.next_before;
  }
}

/** What the user is recommended now, as far as it has to do with the event's item. */
export async function traceRecommendations(
  gateway: string,
  event: EnrichedEvent | CleanEvent,
): Promise<ListTrace> {
  const query = new URLSearchParams({ user_id: event.user_identifier ?? '', limit: String(PAGE) }).toString();
  const { recommendations } = await ask<RecommendationsResponse>(
    `${gateway}/v1/recommendations?${query}`,
    event,
  );
  const { product_id: product } = event;
  return {
    because_of_it: recommendations.flatMap(({ item_id, rank, explanation }) =>
      explanation.type === 'collaborative' && explanation.similar_items.includes(product ?? '')
        ? [{ item_id, rank }]
        : [],
    ),
    own_rank: recommendations.find(({ item_id }) => item_id === product)?.rank ?? null,
    items: recommendations.length,
  };
}

async function ask<T>(url: string, event: { namespace: string; session_id: string }): Promise<T> {
  const { statusCode, body } = await request(url, {
    headers: { 'x-namespace': event.namespace, 'x-session-id': event.session_id },
    headersTimeout: ANSWER_TIMEOUT_MS,
    bodyTimeout: ANSWER_TIMEOUT_MS,
  });
  const text = await body.text();
  if (statusCode !== 200) throw new Error(`${new URL(url).pathname} answered ${statusCode}`);
  return JSON.parse(text) as T;
}
