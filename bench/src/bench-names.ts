export const benchNames = ['collector', 'stages', 'whole', 'freshness', 'gateway', 'memory'] as const;
export type BenchName = (typeof benchNames)[number];
