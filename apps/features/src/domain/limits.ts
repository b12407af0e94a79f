const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** What bounds Redis's memory. README says what is dropped at each bound. */
export const limits = {
  recent: 100,
  purchased: 500,
  products: 1_000,
  categories: 200,
  sessions: 50,
  neighbours: 100,
  ranking: 1_000,
  popularityWindows: 24,
} as const;

/**
 * How long keys live after their last write. Those with positions in them outlive the topics' retention (7 days), so that an
 * event that can still be read again is never taken for a new one.
 */
export const timeToLiveMs = {
  user: 90 * DAY_MS,
  session: 2 * DAY_MS,
  item: 60 * DAY_MS,
  ranking: 30 * DAY_MS,
} as const;
