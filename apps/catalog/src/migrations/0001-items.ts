import { sql } from 'kysely';
import type { Migration } from 'kysely';

/**
 * Readers that keep a copy poll `changed_xid`: rows at or above the `pg_snapshot_xmin` of the poll before have changed since,
 * without gaps whatever order transactions commit in.
 */
export const items: Migration = {
  async up(db) {
    await sql`
      create table items (
        id bigint generated always as identity primary key,
        namespace varchar(32) not null,
        item_id varchar(50) not null,
        title varchar(500) not null,
        description text,
        category varchar(100),
        subcategory varchar(100),
        tags text[] not null default '{}',
        brand varchar(100),
        price numeric(12, 2) check (price >= 0),
        currency char(3),
        available boolean not null default true,
        url text,
        image_url text,
        parent_sku varchar(50),
        attributes jsonb not null default '{}',
        content_features jsonb,
        view_count bigint not null default 0,
        interaction_count bigint not null default 0,
        avg_rating numeric(3, 2),
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        is_active boolean not null default true,
        is_new_item boolean not null default true,
        version bigint not null check (version >= 1),
        valid_from timestamptz,
        changed_xid xid8 not null default pg_current_xact_id(),
        unique (namespace, item_id)
      )`.execute(db);
    await sql`create index idx_items_category on items (category, subcategory)`.execute(db);
    await sql`create index idx_items_popularity on items (interaction_count desc)`.execute(db);
    await sql`create index idx_items_new on items (created_at desc) where is_new_item`.execute(db);
    await sql`create index idx_items_changed_xid on items (changed_xid)`.execute(db);
    await sql`
      create function set_changed_xid() returns trigger language plpgsql as $$
      begin
        new.changed_xid := pg_current_xact_id();
        return new;
      end $$`.execute(db);
    await sql`
      create trigger items_changed_xid before insert or update on items
      for each row execute function set_changed_xid()`.execute(db);
  },
};
