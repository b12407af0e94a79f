// Randomness that a seed decides. Streams of it are told apart by name, so that one shopper's choices never move another's.
import { crc32 } from 'node:zlib';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

export interface Chance {
  /** From 0 (included) to 1 (excluded). */
  fraction(): number;
  /** Both ends included. */
  integer(from: number, to: number): number;
  /** True so often, from 0 to 1. */
  happens(probability: number): boolean;
  pick<T>(choices: readonly [T, ...T[]]): T;
  /** One of the choices, each as often as its weight says. Undefined when there is none. */
  weighted<T>(choices: readonly T[], weightOf: (choice: T) => number): T | undefined;
  /** Around `median`, seldom far above it: how long people look at things. */
  duration(median: number): number;
}

export function createChance(seed: number, stream: string): Chance {
  const generator = xoroshiro128plus(seed ^ crc32(stream));
  const fraction = () => uniformFloat64(generator);

  function weighted<T>(choices: readonly T[], weightOf: (choice: T) => number): T | undefined {
    const weights = choices.map(weightOf);
    let left = fraction() * weights.reduce((sum, weight) => sum + weight, 0);
    for (const [index, weight] of weights.entries()) {
      left -= weight;
      if (left < 0) return choices[index];
    }
    return choices.at(-1);
  }

  return {
    fraction,
    integer: (from, to) => uniformInt(generator, from, to),
    happens: (probability) => fraction() < probability,
    pick: (choices) => choices[uniformInt(generator, 0, choices.length - 1)] ?? choices[0],
    weighted,
    duration: (median) => Math.round(median * 2 ** ((fraction() + fraction() + fraction() - 1.5) * 2)),
  };
}
