import type { Migration } from 'kysely';
import { items } from './0001-items.ts';
import { outbox } from './0002-outbox.ts';

/** In order of their names. A migration that has been released is never changed; a later one mends it. */
export const migrations: Record<string, Migration> = { '0001-items': items, '0002-outbox': outbox };
