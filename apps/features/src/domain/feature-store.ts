import type { ProductPopularity } from '@shopstream/contracts';
import type { FeatureEvent, ItemEvent } from './feature-event.ts';
import type { RecentEvent } from './session-window.ts';

/** An addition to a decayed score, at the offset of the event that caused it. */
export interface Addition {
  offset: bigint;
  member: string;
  score: number;
}

export interface Session {
  namespace: string;
  sessionId: string;
}

/** What a batch of one source partition changes, apart from its sessions. Lists are in the order of their offsets. */
export interface FeatureChanges {
  /** Short name of the source partition, e.g. `e7`: positions in Redis are kept by it. */
  source: string;
  users: readonly { namespace: string; userId: string; events: readonly FeatureEvent[] }[];
  neighbours: readonly { namespace: string; productId: string; additions: readonly Addition[] }[];
  /** Without a category: the whole namespace. */
  trending: readonly { namespace: string; category?: string; additions: readonly Addition[] }[];
}

export interface FeatureStore {
  /** Recent events of each session, in the order of the sessions. */
  recentOf(sessions: readonly Session[]): Promise<RecentEvent[][]>;
  /** Applies what has an offset after the last one applied to the same key; answers how many events and additions that were. */
  apply(changes: FeatureChanges): Promise<{ applied: number; alreadyApplied: number }>;
  /** Remembers item events in their sessions; again is the same as once. */
  remember(events: readonly ItemEvent[]): Promise<void>;
  /** Takes popularity rows over, each unless a later revision of it is already there. */
  applyPopularity(rows: readonly ProductPopularity[]): Promise<void>;
}
