// Kills at moments that a seed chooses: each service has a loop of its own, so that a stage that waits for its dead member's session
// to end does not keep the others from being killed.
import { setTimeout as delay } from 'node:timers/promises';
import type { Instance } from './instance.ts';
import { type Pipeline, type StageService, stageServices, stagesOf } from './pipeline.ts';
import { type Random, createRandom } from '../random.ts';
import type { CrashServer, CrashServers } from './servers.ts';
import { TransactionWatch } from './transaction-watch.ts';

export interface Kill {
  what: StageService | CrashServer;
  atMs: number;
  /** Killed in the middle of a transaction; null for servers. */
  inTransaction: boolean | null;
}

export interface ChaosOptions {
  seed: number;
  /** How many kills of services. */
  services: number;
  /** Which servers are killed, in this order; all are when the services are. */
  servers: readonly CrashServer[];
  /** Between two kills of servers, and after a restart of a service. */
  serverPauseMs: readonly [number, number];
  /** How long a service stays scaled, and unscaled. */
  scalePauseMs: readonly [number, number];
  /** How long a kill waits for a transaction to begin. */
  workTimeoutMs?: number;
  /** No kill after this moment. */
  deadlineMs: number;
  onKill?: (kill: Kill) => void;
}

export interface ChaosReport {
  kills: Kill[];
  /** Times a service went to three instances and back. */
  scalings: number;
}

/** Kills in the middle of a transaction; the others are at moments that have nothing to do with what the service does. */
const AIMED_SHARE = 0.7;
/** A dead member's session ends after 30 s; then there is work again. */
const WORK_TIMEOUT_MS = 60_000;
const LONGEST_PAUSE_MS = 8_000;
const SCALED = 3;
/** With two collectors events go on while one is dead. */
export const atRest: Record<StageService, number> = {
  ingestion: 2,
  enrichment: 1,
  sessionizer: 1,
  popularity: 1,
};

class Chaos {
  readonly #pipeline: Pipeline;
  readonly #servers: CrashServers;
  readonly #options: ChaosOptions;
  readonly #watch: TransactionWatch;
  readonly report: ChaosReport = { kills: [], scalings: 0 };
  readonly #workTimeoutMs: number;
  #servicesLeft: number;
  #running = 0;

  constructor(pipeline: Pipeline, servers: CrashServers, options: ChaosOptions) {
    this.#pipeline = pipeline;
    this.#servers = servers;
    this.#options = options;
    this.#watch = new TransactionWatch(servers.kafkaPort, pipeline.prefix);
    this.#workTimeoutMs = options.workTimeoutMs ?? WORK_TIMEOUT_MS;
    this.#servicesLeft = options.services;
  }

  async run(): Promise<ChaosReport> {
    const { seed } = this.#options;
    const killers = stageServices.map((service, i) =>
      this.#killService(service, createRandom(seed * 100 + i)),
    );
    const killing = Promise.all([...killers, this.#killServers(createRandom(seed * 100 + 50))]);
    this.#running += 1;
    void killing.finally(() => (this.#running -= 1)).catch(() => undefined);
    await Promise.all([killing, this.#scale(createRandom(seed * 100 + 51))]);
    return this.report;
  }

  #note(kill: Omit<Kill, 'atMs'>): void {
    const noted = { ...kill, atMs: Date.now() };
    this.report.kills.push(noted);
    this.#options.onKill?.(noted);
  }

  async #killService(service: StageService, random: Random): Promise<void> {
    while (this.#servicesLeft > 0 && Date.now() < this.#options.deadlineMs) {
      this.#servicesLeft -= 1;
      await delay(random.between(0, LONGEST_PAUSE_MS));
      if (random.next() < AIMED_SHARE) await this.#killInTransaction(service, random);
      else await this.#killAnytime(service, random);
    }
  }

  async #killInTransaction(service: StageService, random: Random): Promise<void> {
    const pick = (): Instance => random.pick(this.#pipeline.instances(service));
    const options = { pick, timeoutMs: this.#workTimeoutMs };
    const stopped = await this.#watch.stopInTransaction(stagesOf[service], options);
    const victim = stopped ?? pick();
    if (victim.signal('SIGKILL')) this.#note({ what: service, inTransaction: stopped !== null });
  }

  /** There is work again, and then some time passes. */
  async #killAnytime(service: StageService, random: Random): Promise<void> {
    await this.#watch.begun(stagesOf[service], this.#workTimeoutMs);
    await delay(random.between(0, LONGEST_PAUSE_MS));
    const victim = random.pick(this.#pipeline.instances(service));
    if (victim.signal('SIGKILL')) this.#note({ what: service, inTransaction: false });
  }

  async #killServers(random: Random): Promise<void> {
    const [low, high] = this.#options.serverPauseMs;
    for (const name of this.#options.servers) {
      await delay(random.between(low, high));
      if (Date.now() > this.#options.deadlineMs) return;
      this.#note({ what: name, inTransaction: null });
      await this.#servers.kill(name, random.between(0, 3_000));
    }
  }

  /** Ends with every service in as many instances as before. */
  async #scale(random: Random): Promise<void> {
    const [low, high] = this.#options.scalePauseMs;
    for (const service of everyServiceAgain(random)) {
      await delay(random.between(low, high));
      if (this.#running === 0 && this.report.scalings > 0) return;
      await this.#pipeline.scale(service, SCALED);
      await delay(random.between(low, high));
      await this.#pipeline.scale(service, atRest[service]);
      this.report.scalings += 1;
    }
  }
}

function* everyServiceAgain(random: Random): Generator<StageService> {
  for (;;) yield* random.shuffled(stageServices);
}

/** Kills services and servers and scales stages, all at once, until all kills are done. */
export function makeChaos(
  pipeline: Pipeline,
  servers: CrashServers,
  options: ChaosOptions,
): Promise<ChaosReport> {
  return new Chaos(pipeline, servers, options).run();
}
