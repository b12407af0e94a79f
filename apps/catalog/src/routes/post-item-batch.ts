import { itemBatchSchema, itemQuerySchema, itemSchema } from '@shopstream/contracts';
import type { ItemBatchAnswer, ItemBatchResult, ItemInput } from '@shopstream/contracts';
import { parseInput, validate } from '@shopstream/platform';
import type { Reply } from '@shopstream/platform';
import type { Request } from 'express';
import type { RouteDeps } from './route-deps.ts';

/** `POST /v1/items:batch`: each item is judged alone; the good ones are written together. */
export async function postItemBatch(req: Request, { items, metrics, now }: RouteDeps): Promise<Reply> {
  const { namespace } = parseInput(itemQuerySchema, req.query, 'query');
  const batch = parseInput(itemBatchSchema, req.body);
  const judged = batch.items.map((item) => validate(itemSchema, item, 'item'));
  const good = judged.flatMap((one): ItemInput[] => (one.ok ? [one.value] : []));
  const written = good.length > 0 ? await items.upsert(good, { namespace, now: now() }) : [];

  const inOrder = written.values();
  const results = judged.map((one, index): ItemBatchResult => {
    if (!one.ok) return { index, status: 'refused', errors: one.issues };
    const { value, done } = inOrder.next();
    if (done === true) throw new Error('the store gave too few results');
    return { index, ...value };
  });
  for (const { status } of results) metrics.judged('batch', status);
  const body: ItemBatchAnswer = { accepted: good.length, refused: judged.length - good.length, results };
  return { status: 200, body };
}
