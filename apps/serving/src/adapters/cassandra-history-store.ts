import { cassandraTables, monthOf } from '@shopstream/contracts';
import type { InteractionRow } from '@shopstream/contracts';
import { withDeadline } from '@shopstream/platform';
import type { CassandraClient } from '@shopstream/stores';
import type { HistoryQuery, HistoryStore, Interaction } from '../domain/stores.ts';

type Partition = [namespace: string, userId: string, month: number];

const columns = 'event_time, item_id, event_id, action_type, context, session_id';
const partition = 'namespace = ? AND user_id = ? AND month = ?';
const statements = {
  months: `SELECT month FROM ${cassandraTables.userBuckets} WHERE namespace = ? AND user_id = ? AND month <= ? LIMIT ?`,
  newest: `SELECT ${columns} FROM ${cassandraTables.interactions} WHERE ${partition} AND event_time < ? LIMIT ?`,
  // Within one millisecond rows go by item and event, upwards: what follows the cursor there comes before older rows.
  sameTime: `SELECT ${columns} FROM ${cassandraTables.interactions}
    WHERE ${partition} AND event_time = ? AND (item_id, event_id) > (?, ?) LIMIT ?`,
};
/** More months than any page of a history that is in use reaches back. */
const monthsAtOnce = 24;
/** Greatest time a date can hold: everything is older. */
const endOfTime = 8.64e15;

export function createCassandraHistoryStore(
  client: CassandraClient,
  { timeoutMs }: { timeoutMs: number },
): HistoryStore {
  async function select<Row>(statement: string, params: unknown[]): Promise<Row[]> {
    const { rows } = await client.execute(statement, params, { prepare: true, isIdempotent: true });
    return rows as unknown as Row[];
  }

  async function rowsOfMonth(of: Partition, query: HistoryQuery, count: number): Promise<InteractionRow[]> {
    const { before } = query;
    const time = new Date(before?.timeMs ?? endOfTime);
    const rest =
      before && 'eventId' in before && monthOf(before.timeMs) === of[2]
        ? await select<InteractionRow>(statements.sameTime, [
            ...of,
            time,
            before.itemId,
            before.eventId,
            count,
          ])
        : [];
    if (rest.length === count) return rest;
    const older = await select<InteractionRow>(statements.newest, [...of, time, count - rest.length]);
    return [...rest, ...older];
  }

  async function newest(query: HistoryQuery): Promise<Interaction[]> {
    const { namespace, userId, limit } = query;
    const found: InteractionRow[] = [];
    let upTo = monthOf(query.before?.timeMs ?? endOfTime);
    for (;;) {
      const months = await select<{ month: number }>(statements.months, [
        namespace,
        userId,
        upTo,
        monthsAtOnce,
      ]);
      for (const { month } of months) {
        if (found.length === limit) break;
        found.push(...(await rowsOfMonth([namespace, userId, month], query, limit - found.length)));
      }
      const last = months.at(-1);
      if (found.length === limit || !last || months.length < monthsAtOnce) return found.map(toInteraction);
      upTo = last.month - 1;
    }
  }

  return { newest: (query) => withDeadline(newest(query), timeoutMs, 'cassandra') };
}

function toInteraction(row: InteractionRow): Interaction {
  return {
    eventId: row.event_id,
    itemId: row.item_id === '' ? null : row.item_id,
    action: row.action_type,
    at: row.event_time.getTime(),
    sessionId: row.session_id,
    context: row.context ?? {},
  };
}
