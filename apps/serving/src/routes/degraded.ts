/** Tells monitoring and clients that Redis had no part in the answer, without parsing it. */
export const degradedHeaders = (degraded: boolean): Record<string, string> =>
  degraded ? { 'X-Degraded': 'redis' } : {};
