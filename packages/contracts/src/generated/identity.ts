// Generated from avro/*.avsc by `npm run codegen`. Do not edit.
/** Links of anonymous ids to users. */
export interface IdentityLink {
  /** Tenant; part of every key. */
  namespace: string;
  /** Anonymous tracking id. */
  anonymous_id: string;
  /** User it belongs to. */
  user_id: string;
  /** Time of the login. */
  linked_at: number;
}
