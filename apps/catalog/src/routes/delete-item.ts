import { idSchema, itemQuerySchema } from '@shopstream/contracts';
import { parseInput } from '@shopstream/platform';
import type { Reply } from '@shopstream/platform';
import type { Request } from 'express';
import { noSuchItem } from './no-such-item.ts';
import type { RouteDeps } from './route-deps.ts';

/** `DELETE /v1/items/{id}`: the item stays, with all it was, but is out of the shop until it is put again. */
export async function deleteItem(req: Request, { items, metrics, now }: RouteDeps): Promise<Reply> {
  const { namespace } = parseInput(itemQuerySchema, req.query, 'query');
  const itemId = parseInput(idSchema, req.params['id'], 'item_id');
  const written = await items.archive(itemId, { namespace, now: now() });
  if (!written) throw noSuchItem();
  metrics.judged('single', written.status);
  return { status: 200, body: written };
}
