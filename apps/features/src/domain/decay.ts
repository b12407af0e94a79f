/**
 * The decayed score (see `decayedWorth` in contracts) of one event: its time, moved by half a life for every halving of
 * its weight. Forward decay (Cormode et al., 2009) in the logarithmic domain: neither overflows nor needs a new landmark. In whole milliseconds.
 */
export const toDecayedScore = (timeMs: number, weight: number, halfLifeMs: number): number =>
  Math.round(timeMs + halfLifeMs * Math.log2(weight));
