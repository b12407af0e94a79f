import type { TopicName } from '@shopstream/contracts';

const MAX_EXAMPLES = 5;

/** What a topic should hold beside what it holds. */
export interface TopicTally {
  topic: TopicName;
  /** What was counted. */
  unit: string;
  expected: number;
  found: number;
  missing: number;
  doubled: number;
  wrong: number;
  /** The first deviations, in words. */
  examples: string[];
}

export type Deviation = 'missing' | 'doubled' | 'wrong';

export class Tally {
  readonly result: TopicTally;

  constructor(topic: TopicName, unit: string) {
    this.result = { topic, unit, expected: 0, found: 0, missing: 0, doubled: 0, wrong: 0, examples: [] };
  }

  add(deviation: Deviation, example: string): void {
    this.result[deviation] += 1;
    if (this.result.examples.length < MAX_EXAMPLES) this.result.examples.push(`${deviation}: ${example}`);
  }

  /** Each expected id exactly once. */
  addIds(expected: ReadonlySet<string>, found: ReadonlyMap<string, number>): void {
    this.result.expected = expected.size;
    for (const id of expected) if (!found.has(id)) this.add('missing', id);
    for (const [id, count] of found) {
      this.result.found += count;
      if (!expected.has(id)) this.add('wrong', `${id} is not expected`);
      for (let again = 1; again < count; again += 1) this.add('doubled', id);
    }
  }
}

export const deviationsOf = (tallies: readonly TopicTally[]): number =>
  tallies.reduce((sum, { missing, doubled, wrong }) => sum + missing + doubled + wrong, 0);

export function countUp(counts: Map<string, number>, id: string): void {
  counts.set(id, (counts.get(id) ?? 0) + 1);
}
