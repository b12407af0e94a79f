export { toTests } from './checks.ts';
export type { DataTest } from './checks.ts';
export { evaluate } from './evaluate.ts';
export { measure, topicsToRead } from './measure.ts';
export type { Sources } from './ask.ts';
export type { Progress } from './sample-rows.ts';
export type { Level, Measurements, Verdict } from './measurements.ts';
