import { createConnection } from 'node:net';
import { createLogger, messageOf, type Logger, withDeadline } from '@shopstream/platform';
import { connectCassandra, connectPostgres, connectRedis, type Store } from '@shopstream/stores';
import { get } from '../adapters/services.ts';
import { withStreams } from '../adapters/kafka.ts';
import type { CliConfig } from '../config.ts';
import { type Finding, fine, portAdvice, problem } from './finding.ts';

const ANSWER_TIMEOUT_MS = 5_000;

interface Server {
  name: string;
  host: string;
  port: number;
  /** Asks a question of the server's own protocol and says what it answered. */
  ask: () => Promise<string>;
}

export async function checkServers(config: CliConfig): Promise<Finding[]> {
  return Promise.all(serversOf(config, createLogger({ name: 'cli', level: 'silent' })).map(check));
}

function serversOf(config: CliConfig, logger: Logger): Server[] {
  const [broker = ''] = config.KAFKA_BROKERS;
  const [contactPoint = ''] = config.CASSANDRA_CONTACT_POINTS;
  return [
    { name: 'Kafka', ...addressOf(`tcp://${broker}`), ask: () => askKafka(config) },
    {
      name: 'schema registry',
      ...addressOf(config.SCHEMA_REGISTRY_URL),
      ask: () => askRegistry(config.SCHEMA_REGISTRY_URL),
    },
    {
      name: 'Cassandra',
      ...addressOf(`tcp://${contactPoint}`),
      ask: () => askStore(connectCassandra(config, { logger, keyspace: 'none' })),
    },
    { name: 'Redis', ...addressOf(config.REDIS_URL), ask: () => askStore(connectRedis(config, { logger })) },
    {
      name: 'PostgreSQL',
      ...addressOf(config.POSTGRES_URL),
      ask: () => askStore(connectPostgres(config, { logger })),
    },
  ];
}

async function check({ name, host, port, ask }: Server): Promise<Finding> {
  const address = `${host}:${port}`;
  if (!(await isPortOpen(host, port))) {
    return problem('servers', name, {
      detail: `nothing listens on ${address}`,
      advice: portAdvice(false, port),
    });
  }
  try {
    return fine('servers', name, `${address}, ${await withDeadline(ask(), ANSWER_TIMEOUT_MS, name)}`);
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? `: ${messageOf(error.cause)}` : '';
    const detail = `${address} is open but does not answer as it should (${messageOf(error)}${cause})`;
    return problem('servers', name, { detail, advice: portAdvice(true, port) });
  }
}

const askKafka = (config: CliConfig): Promise<string> =>
  withStreams(config, async ({ admin }) => `cluster ${await admin.clusterId()}`);

async function askRegistry(url: string): Promise<string> {
  const { status, text } = await get(`${url}/subjects`);
  if (status !== 200) throw new Error(`status ${status}`);
  const subjects: unknown = JSON.parse(text);
  if (!Array.isArray(subjects)) throw new Error('no list of subjects');
  return `${subjects.length} subjects`;
}

async function askStore(store: Store): Promise<string> {
  await store.start();
  try {
    const answer = await store.ready();
    if (answer !== 'ok') throw new Error(answer);
    return 'answers';
  } finally {
    await store.stop();
  }
}

function addressOf(url: string): { host: string; port: number } {
  const { hostname, port, protocol } = new URL(url);
  const usual: Record<string, number> = { 'https:': 443, 'http:': 80, 'redis:': 6379, 'rediss:': 6379 };
  return { host: hostname, port: Number(port) || (usual[protocol] ?? 5432) };
}

/** Whether anything listens there. */
export function isPortOpen(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port, timeout: ANSWER_TIMEOUT_MS });
    const settle = (isOpen: boolean) => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
    socket.once('timeout', () => settle(false));
  });
}
