export { toTests } from './checks.ts';
export type { DataTest } from './checks.ts';
export { evaluate } from './evaluate.ts';
export { measure, topicsToRead } from './measure.ts';
export type { Positions, Sources } from './measure.ts';
export type { Level, Measurements, Verdict } from './measurements.ts';
