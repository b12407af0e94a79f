// What the rows of the topics themselves say, tenant by tenant.

const COUNTS = [
  'clickstream',
  'clean',
  'signals',
  'duplicates',
  'cleaningDead',
  'cleaningWaiting',
  'distinctClean',
  'enrichmentWaiting',
  'enrichmentDead',
  'enriched',
  'distinctEnriched',
  'withoutProduct',
  'sessionizerWaiting',
  'inSessions',
  'sessionizerLate',
  'sessionizerDead',
  'splitWaiting',
  'inPopularity',
  'popularityLate',
  'popularityDead',
  'stagesDead',
] as const;

export type CountName = (typeof COUNTS)[number];
export type EventCounts = Record<CountName, number>;

const zero = (): EventCounts => Object.fromEntries(COUNTS.map((name) => [name, 0])) as EventCounts;

export interface CountsByTenant {
  add(namespace: string | null, name: CountName, count?: number): void;
  total(): EventCounts;
  /** Without what names no tenant. */
  byNamespace(): ReadonlyMap<string, EventCounts>;
}

export function createCounts(): CountsByTenant {
  const tenants = new Map<string | null, EventCounts>();
  const of = (namespace: string | null): EventCounts => {
    let counts = tenants.get(namespace);
    if (counts === undefined) tenants.set(namespace, (counts = zero()));
    return counts;
  };
  return {
    add: (namespace, name, count = 1) => void (of(namespace)[name] += count),
    total() {
      const sum = zero();
      for (const counts of tenants.values()) for (const name of COUNTS) sum[name] += counts[name];
      return sum;
    },
    byNamespace: () =>
      new Map([...tenants].flatMap(([name, counts]) => (name === null ? [] : [[name, counts] as const]))),
  };
}
