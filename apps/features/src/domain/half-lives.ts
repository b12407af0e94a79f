/** Event time after which an event counts half. */
export interface HalfLives {
  trendingMs: number;
  neighboursMs: number;
  popularMs: number;
}
