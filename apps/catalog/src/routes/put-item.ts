import { idSchema, itemContentSchema, itemQuerySchema } from '@shopstream/contracts';
import { parseInput } from '@shopstream/platform';
import type { Reply } from '@shopstream/platform';
import type { Request } from 'express';
import type { RouteDeps } from './route-deps.ts';

/** `PUT /v1/items/{id}`: makes the item what the body says. */
export async function putItem(req: Request, { items, metrics, now }: RouteDeps): Promise<Reply> {
  const { namespace } = parseInput(itemQuerySchema, req.query, 'query');
  const item_id = parseInput(idSchema, req.params['id'], 'item_id');
  const content = parseInput(itemContentSchema, req.body);
  const [written] = await items.upsert([{ item_id, ...content }], { namespace, now: now() });
  if (!written) throw new Error('the store gave no result');
  metrics.judged('single', written.status);
  return { status: written.status === 'created' ? 201 : 200, body: written };
}
