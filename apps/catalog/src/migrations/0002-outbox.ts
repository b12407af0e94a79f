import { sql } from 'kysely';
import type { Migration } from 'kysely';

/** Rows leave the table once Kafka has them; every commit that adds some wakes whoever listens to `catalog_outbox`. */
export const outbox: Migration = {
  async up(db) {
    await sql`
      create table outbox (
        id bigint generated always as identity primary key,
        topic text not null,
        payload jsonb not null,
        created_at timestamptz not null default now()
      )`.execute(db);
    await sql`
      create function announce_outbox() returns trigger language plpgsql as $$
      begin
        notify catalog_outbox;
        return null;
      end $$`.execute(db);
    await sql`
      create trigger outbox_announced after insert on outbox
      for each statement execute function announce_outbox()`.execute(db);
  },
};
