import type { InteractionRow, ItemInteractionRow } from '@shopstream/contracts';

/** Rows of one event: the user's when the user is known, the item's when there is an item. */
export interface EventRows {
  interaction?: InteractionRow;
  itemInteraction?: ItemInteractionRow;
}

export interface InteractionStore {
  /** Resolves when every row is written; rejects after all writes have ended when one was not. Writing rows again changes nothing. */
  write(events: readonly EventRows[]): Promise<void>;
}
