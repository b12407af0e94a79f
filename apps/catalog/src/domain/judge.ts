import type { ItemInput, ItemWritten } from '@shopstream/contracts';
import equal from 'fast-deep-equal';
import { toContent } from './item.ts';
import type { Item, ItemContent } from './item.ts';

export interface Judgement {
  /** One per input, in order. */
  results: ItemWritten[];
  /** Every new version, in order; several of one item when it came several times. */
  versions: Item[];
}

export interface Moment {
  namespace: string;
  /** Epoch milliseconds. */
  now: number;
}

/** Compares inputs with the items as they are, each with what the ones before it made of it. */
export function judge(
  current: ReadonlyMap<string, Item>,
  inputs: readonly ItemInput[],
  moment: Moment,
): Judgement {
  const latest = new Map(current);
  const versions: Item[] = [];
  const results = inputs.map((input): ItemWritten => {
    const previous = latest.get(input.item_id);
    const content = toContent(input);
    if (previous && isSame(previous, content)) {
      return { item_id: input.item_id, status: 'unchanged', version: previous.version };
    }
    const next = toVersion(previous, content, { ...moment, validFrom: input.valid_from });
    latest.set(next.item_id, next);
    versions.push(next);
    return { item_id: next.item_id, status: previous ? 'updated' : 'created', version: next.version };
  });
  return { results, versions };
}

/** The next version of an item that is taken out of the shop; null when it is out already. */
export function archive(item: Item, moment: Moment): Item | null {
  return item.is_active
    ? toVersion(item, { ...item, is_active: false }, { ...moment, validFrom: null })
    : null;
}

/**
 * A first version holds from the beginning of time unless told otherwise, a later one from now on; never before the version
 * it replaces, whatever the clocks of two writers say.
 */
function toVersion(
  previous: Item | undefined,
  content: ItemContent,
  { namespace, now, validFrom }: Moment & { validFrom: number | null },
): Item {
  const next = { ...content, namespace, updated_at: now };
  if (!previous) return { ...next, version: 1, valid_from: validFrom };
  const valid_from = validFrom ?? Math.max(now, previous.valid_from ?? now);
  return { ...next, version: previous.version + 1, valid_from };
}

/** A stored item has more than its content. */
function isSame(item: Item, content: ItemContent): boolean {
  const columns = Object.keys(content) as (keyof ItemContent)[];
  return columns.every((column) => equal(item[column], content[column]));
}
