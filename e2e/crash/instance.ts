import { setTimeout as delay } from 'node:timers/promises';
import { type ServiceProcess, startServiceProcess } from '@shopstream/testkit';
import { freePort } from './free-ports.ts';

/** As long as `npm start` waits before it starts a service again. */
const RESTART_AFTER_MS = 500;
const READY_TIMEOUT_MS = 5_000;

export interface InstanceOptions {
  service: string;
  /** Another build than the checkout's. */
  file?: string;
  env: object;
}

/** A service that is started again whenever it ends, at the same place. */
export class Instance {
  readonly service: string;
  readonly url: string;
  /** What it printed each time that it ended without having been told to. */
  readonly endings: string[] = [];
  readonly #options: InstanceOptions;
  readonly #port: number;
  readonly #ended: Promise<void>;
  #process: ServiceProcess | null = null;
  #startedAtMs = 0;
  /** The process that was told to end at once. */
  #killedPid: number | null = null;
  #isStopping = false;

  constructor(options: InstanceOptions, port: number) {
    this.service = options.service;
    this.url = `http://127.0.0.1:${port}`;
    this.#options = options;
    this.#port = port;
    this.#ended = this.#keepRunning();
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** When the process that runs now was started. */
  get startedAtMs(): number {
    return this.#startedAtMs;
  }

  /** Sends a signal to the process; false when there is none at the moment. */
  signal(signal: NodeJS.Signals): boolean {
    if (this.#process === null) return false;
    if (signal === 'SIGKILL') this.#killedPid = this.#process.pid;
    try {
      return process.kill(this.#process.pid, signal);
    } catch {
      // It has just ended.
      return false;
    }
  }

  isReady(): Promise<boolean> {
    return fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(READY_TIMEOUT_MS) }).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  /** Ends it for good. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#process?.stop();
    await this.#ended;
  }

  /** It may become so while something is waited for. */
  #isOver(): boolean {
    return this.#isStopping;
  }

  async #keepRunning(): Promise<void> {
    while (!this.#isOver()) {
      await this.#runOnce();
      if (!this.#isOver()) await delay(RESTART_AFTER_MS);
    }
  }

  async #runOnce(): Promise<void> {
    const { service, file, env } = this.#options;
    this.#startedAtMs = Date.now();
    const build = file === undefined ? { app: service, built: true } : { file };
    const started = await startServiceProcess({ ...build, port: this.#port, env, waitUntilReady: false });
    this.#process = started;
    if (this.#isOver()) await started.stop();
    const { code, signal } = await started.exited;
    this.#process = null;
    if (this.#killedPid !== started.pid && !this.#isOver())
      this.endings.push(`${service} ended with ${code ?? signal}:\n${started.output()}`);
  }
}

export const startInstance = async (options: InstanceOptions): Promise<Instance> =>
  new Instance(options, await freePort());
