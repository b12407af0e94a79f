// Plain upserts whose key is the event itself: a record processed again writes the same cells.
import { cassandraTables as tables } from '@shopstream/contracts';
import type { InteractionRow, ItemInteractionRow } from '@shopstream/contracts';
import type { CassandraClient } from '@shopstream/stores';
import { LRUCache } from 'lru-cache';
import type { EventRows, InteractionStore } from '../domain/interaction-store.ts';

interface Write {
  table: keyof typeof statements;
  params: unknown[];
  /** Set for rows of the bucket tables: they are the same for many events and need no second write. */
  bucket?: string;
}

const statements = {
  [tables.interactions]: `INSERT INTO ${tables.interactions}
    (namespace, user_id, month, event_time, item_id, event_id, action_type, context, session_id)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  [tables.itemInteractions]: `INSERT INTO ${tables.itemInteractions}
    (namespace, item_id, day, event_time, event_id, user_id, action_type) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  [tables.userBuckets]: `INSERT INTO ${tables.userBuckets} (namespace, user_id, month) VALUES (?, ?, ?)`,
  [tables.itemBuckets]: `INSERT INTO ${tables.itemBuckets} (namespace, item_id, day) VALUES (?, ?, ?)`,
} as const;

export function createCassandraInteractionStore(
  client: CassandraClient,
  options: { maxWritesInFlight: number; onWritten?: (table: string) => void },
): InteractionStore {
  // Short-lived, so that a bucket deleted on a person's request is written again when the person comes back.
  const written = new LRUCache<string, true>({ max: 100_000, ttl: 600_000 });

  async function execute({ table, params, bucket }: Write): Promise<void> {
    await client.execute(statements[table], params, { prepare: true, isIdempotent: true });
    if (bucket !== undefined) written.set(bucket, true);
    options.onWritten?.(table);
  }

  return {
    async write(events) {
      const buckets = new Map<string, Write>();
      const rows: Write[] = [];
      for (const event of events) {
        for (const write of toWrites(event)) {
          if (write.bucket === undefined) rows.push(write);
          else if (!written.has(write.bucket)) buckets.set(write.bucket, write);
        }
      }
      await runAll([...buckets.values(), ...rows], options.maxWritesInFlight, execute);
    },
  };
}

function toWrites({ interaction, itemInteraction }: EventRows): Write[] {
  return [
    ...(interaction ? interactionWrites(interaction) : []),
    ...(itemInteraction ? itemInteractionWrites(itemInteraction) : []),
  ];
}

// A null would be written as a tombstone; undefined leaves the column alone.
function interactionWrites(row: InteractionRow): Write[] {
  const partition = [row.namespace, row.user_id, row.month];
  const columns = [row.event_time, row.item_id, row.event_id, row.action_type];
  return [
    {
      table: tables.interactions,
      params: [...partition, ...columns, row.context ?? undefined, row.session_id],
    },
    { table: tables.userBuckets, params: partition, bucket: `u ${partition.join(' ')}` },
  ];
}

function itemInteractionWrites(row: ItemInteractionRow): Write[] {
  const partition = [row.namespace, row.item_id, row.day];
  const columns = [row.event_time, row.event_id, row.user_id ?? undefined, row.action_type];
  return [
    { table: tables.itemInteractions, params: [...partition, ...columns] },
    { table: tables.itemBuckets, params: partition, bucket: `i ${partition.join(' ')}` },
  ];
}

/** Runs all, at most `limit` at once. After a failure nothing new is begun; what runs is awaited. */
async function runAll<T>(items: readonly T[], limit: number, run: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const failures: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (const item of queue) {
      if (failures.length > 0) return;
      await run(item).catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: limit }, worker));
  if (failures.length > 0) throw failures[0];
}
