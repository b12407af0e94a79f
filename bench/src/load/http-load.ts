import autocannon from 'autocannon';

export interface Load {
  url: string;
  requests: autocannon.Request[];
  connections: number;
  seconds: number;
  /** Requests a second over all connections, at most; as many as there are answers without it. */
  rate?: number;
}

export interface LoadResult {
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** Answers other than 2xx, broken connections and timeouts. */
  errors: number;
}

const WARM_UP_SECONDS = 2;

/** Sends as many requests as there are answers, for a while, after a short warm-up. */
export async function measureLoad(load: Omit<Load, 'rate'>): Promise<LoadResult> {
  await run({ ...load, seconds: WARM_UP_SECONDS });
  const result = await run(load);
  return {
    perSecond: result['2xx'] / result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    errors: result.non2xx + result.errors,
  };
}

/** A load that goes on while something else is measured. */
export async function withLoad<T>(load: Omit<Load, 'seconds'> | null, measure: () => Promise<T>): Promise<T> {
  if (load === null) return measure();
  const longest = 3_600;
  const instance = autocannon(toOptions({ ...load, seconds: longest }), () => undefined);
  try {
    return await measure();
  } finally {
    (instance as unknown as { stop(): void }).stop();
  }
}

const run = (load: Load) => autocannon(toOptions(load));

/** Each connection sends its own share of the requests: the generator prepares every request of each connection before it begins. */
function toOptions({ url, requests, connections: wanted, seconds, rate }: Load): autocannon.Options {
  const connections = Math.min(wanted, rate ?? wanted);
  let connected = 0;
  return {
    url,
    connections,
    duration: seconds,
    requests: requests.slice(0, 1),
    setupClient: (client) => {
      const turn = connected++ % connections;
      client.setRequests(requests.filter((_, index) => index % connections === turn));
    },
    idReplacement: requests.some(({ body }) => body !== undefined),
    ...(rate !== undefined && { overallRate: rate, ignoreCoordinatedOmission: true }),
  };
}
