// Prometheus' text format, as far as our services write it.
export interface Sample {
  name: string;
  labels: Readonly<Record<string, string>>;
  value: number;
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

export function parseSamples(text: string): Sample[] {
  return text.split('\n').flatMap((line) => {
    const [, name, labels = '', value] = LINE.exec(line) ?? [];
    if (name === undefined || value === undefined) return [];
    const pairs = [...labels.matchAll(LABEL)].map(([, key = '', text = '']) => [key, text] as const);
    return [{ name, labels: Object.fromEntries(pairs), value: value === '+Inf' ? Infinity : Number(value) }];
  });
}

/** Sum of a metric by one of its labels. */
export function sumBy(samples: readonly Sample[], name: string, label: string): Map<string, number> {
  const sums = new Map<string, number>();
  for (const sample of samples) {
    const key = sample.labels[label];
    if (sample.name === name && key !== undefined) sums.set(key, (sums.get(key) ?? 0) + sample.value);
  }
  return sums;
}

/** Counts of a histogram's buckets by upper bound, cumulative, in rising order. */
export function bucketsOf(samples: readonly Sample[], name: string): Map<number, number> {
  const sums = [...sumBy(samples, `${name}_bucket`, 'le')].map(
    ([le, count]) => [le === '+Inf' ? Infinity : Number(le), count] as const,
  );
  return new Map(sums.sort(([a], [b]) => a - b));
}

/** What came between two looks; a service that was started anew counts from zero. */
export function increase<K>(before: ReadonlyMap<K, number>, after: ReadonlyMap<K, number>): Map<K, number> {
  return new Map(
    [...after].map(([key, value]) => {
      const earlier = before.get(key) ?? 0;
      return [key, value >= earlier ? value - earlier : value];
    }),
  );
}

/** The bound below which this share of a histogram lies; undefined for an empty one. */
export function quantile(buckets: ReadonlyMap<number, number>, share: number): number | undefined {
  const total = Math.max(0, ...buckets.values());
  if (total === 0) return undefined;
  return [...buckets].find(([, count]) => count >= share * total)?.[0];
}
