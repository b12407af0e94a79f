import { idSchema, itemListQuerySchema, itemQuerySchema } from '@shopstream/contracts';
import type { ItemAnswer, ItemListAnswer } from '@shopstream/contracts';
import { parseInput } from '@shopstream/platform';
import type { Reply } from '@shopstream/platform';
import type { Request } from 'express';
import type { StoredItem } from '../domain/item-store.ts';
import { noSuchItem } from './no-such-item.ts';
import type { RouteDeps } from './route-deps.ts';

/** `GET /v1/items/{id}`: archived items too. */
export async function getItem(req: Request, { items }: RouteDeps): Promise<Reply> {
  const { namespace } = parseInput(itemQuerySchema, req.query, 'query');
  const itemId = parseInput(idSchema, req.params['id'], 'item_id');
  const item = await items.find(namespace, itemId);
  if (!item) throw noSuchItem();
  return { status: 200, body: toAnswer(item) };
}

/** `GET /v1/items`: pages of a namespace in order of id. */
export async function listItems(req: Request, { items }: RouteDeps): Promise<Reply> {
  const { namespace, limit, after } = parseInput(itemListQuerySchema, req.query, 'query');
  const found = await items.list(namespace, { limit: limit + 1, after });
  const page = found.slice(0, limit);
  const next = found.length > limit ? (page.at(-1)?.item_id ?? null) : null;
  const body: ItemListAnswer = { items: page.map(toAnswer), next };
  return { status: 200, body };
}

function toAnswer(item: StoredItem): ItemAnswer {
  return {
    ...item,
    valid_from: item.valid_from === null ? null : toIso(item.valid_from),
    created_at: toIso(item.created_at),
    updated_at: toIso(item.updated_at),
  };
}

const toIso = (time: number): string => new Date(time).toISOString();
