import type { TopicName } from '@shopstream/contracts';
import type { LogRecord, Streams } from '@shopstream/streams';
import { type ServiceProcess, startServiceProcess } from '@shopstream/testkit';
import { type Environment, freshEnvironment } from './fresh-environment.ts';
import { type Ended, run, runOk } from './run.ts';

const SERVICES = [
  'ingestion',
  'catalog',
  'enrichment',
  'sessionizer',
  'popularity',
  'interactions',
  'features',
  'serving',
] as const;
export type ServiceName = (typeof SERVICES)[number];

/** The whole platform, each service a process of its own from its build, with topics, keys and tables of its own. */
export class Platform {
  readonly streams: Streams;
  readonly #environment: Environment;
  readonly #running = new Map<ServiceName, ServiceProcess>();
  readonly #urls = new Map<ServiceName, string>();

  constructor(environment: Environment) {
    this.#environment = environment;
    this.streams = environment.streams;
  }

  /** Where a service listens, also after a restart. */
  url(service: ServiceName): string {
    return this.#urls.get(service) ?? 'http://127.0.0.1:1';
  }

  get gateway(): string {
    return this.url('serving');
  }

  /** @param file another build of the service than the checkout's */
  async start(service: ServiceName, { file }: { file?: string } = {}): Promise<void> {
    const known = this.#urls.get(service);
    const process = await startServiceProcess({
      ...(file === undefined ? { app: service, built: true } : { file }),
      ...(known === undefined ? {} : { port: Number(new URL(known).port) }),
      env: {
        ...this.#environment.env,
        INGESTION_URL: this.url('ingestion'),
      },
    });
    this.#running.set(service, process);
    this.#urls.set(service, known ?? process.url);
  }

  /** Stops a service in good order; a service that does not end with 0 is an error. */
  async stop(service: ServiceName): Promise<void> {
    const process = this.#running.get(service);
    this.#running.delete(service);
    const exit = await process?.stop();
    if (process === undefined || exit?.code === 0) return;
    throw new Error(`${service} did not stop cleanly: ${exit?.code ?? exit?.signal}\n${process.output()}`);
  }

  async startAll(): Promise<void> {
    await Promise.all(
      SERVICES.filter((service) => service !== 'serving').map((service) => this.start(service)),
    );
    await this.start('serving');
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((service) => this.stop(service)));
  }

  /** Runs `shopstream` and answers what it printed; an exit code other than 0 is an error. */
  shopstream(...args: string[]): Promise<string> {
    return runOk(['apps/cli/dist/main.js', ...args], this.#cliEnv());
  }

  /** Runs `shopstream`, however it ends. */
  tryShopstream(...args: string[]): Promise<Ended> {
    return run(['apps/cli/dist/main.js', ...args], this.#cliEnv());
  }

  #cliEnv(): Record<string, string> {
    const urls = {
      GATEWAY_URL: this.gateway,
      CATALOG_URL: this.url('catalog'),
      INGESTION_URL: this.url('ingestion'),
    };
    return { ...this.#environment.env, ...urls };
  }

  /** Waits until every stage has read everything. */
  async drained(timeoutSeconds = 60): Promise<void> {
    await this.shopstream('settle', '--timeout', String(timeoutSeconds));
  }

  /** Sends a request to the gateway and answers its JSON; an answer of 400 or more is an error. */
  async call<T>(
    path: string,
    init?: { method: string; body: unknown; headers?: Record<string, string> },
  ): Promise<T> {
    const response = await fetch(`${this.gateway}${path}`, {
      ...(init === undefined ? {} : { method: init.method, body: JSON.stringify(init.body) }),
      headers: { 'content-type': 'application/json', ...init?.headers },
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`);
    return JSON.parse(text) as T;
  }

  /** The rows of a topic up to its end now; an unreadable one is an error. */
  async rows<T extends TopicName>(topic: T) {
    const records: LogRecord<T>[] = [];
    await this.streams.readLog(
      { topic, from: 'beginning', until: 'now' },
      (record) => void records.push(record),
    );
    return records.flatMap(({ value, ...coordinates }) => {
      if (value instanceof Error) throw value;
      return value === null ? [] : [{ ...coordinates, value }];
    });
  }

  async remove(): Promise<void> {
    await this.stopAll();
    await this.#environment.remove();
  }
}

/**
 * @param options.partitions of every topic; as declared in the contracts by default
 * @param options.env settings of all services
 */
export async function createPlatform(options: { partitions?: number; env?: object } = {}): Promise<Platform> {
  return new Platform(await freshEnvironment(options));
}
