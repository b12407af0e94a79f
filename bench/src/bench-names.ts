export const benchNames = [
  'collector',
  'stages',
  'streams',
  'growth',
  'whole',
  'freshness',
  'gateway',
  'memory',
] as const;
export type BenchName = (typeof benchNames)[number];
