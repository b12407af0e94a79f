export const benchNames = ['collector', 'stages', 'whole', 'gateway', 'freshness', 'memory'] as const;
export type BenchName = (typeof benchNames)[number];
