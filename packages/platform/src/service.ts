import type { Router } from 'express';
import type { Registry } from 'prom-client';
import type { BaseServiceConfig, Environment } from './config.ts';
import type { Logger } from './logger.ts';

/** `checks` has `'ok'` or what is wrong, by dependency. */
export interface Readiness {
  ready: boolean;
  checks: Record<string, string>;
}

/** What a service gives to `runService`. */
export interface Service {
  start(): Promise<void>;
  /** Stop consuming, finish or abandon what is in flight, flush, commit, close stores. Requests have been answered by then. */
  stop(): Promise<void>;
  ready(): Promise<Readiness> | Readiness;
  /** Whether its loop ticked recently; `false` asks for a restart. */
  live(): boolean;
  http?: Router;
  /**
   * Of a service that has an end: resolves when its work is done, which ends the process with exit code 0. A signal
   * before that ends it with 1.
   */
  ended?: Promise<unknown> | null;
}

export interface ServiceContext {
  name: string;
  logger: Logger;
  metrics: Registry;
}

export interface ServiceDefinition<Config extends BaseServiceConfig> {
  name: string;
  /** Pure; throws ConfigError naming every variable that is wrong. */
  loadConfig(env: Environment): Config;
  create(config: Config, context: ServiceContext): Service | Promise<Service>;
}

/**
 * Ready when every check says `'ok'`.
 * @example ready: async () => toReadiness({ redis: await redis.ready(), kafka: stage.ready() })
 */
export function toReadiness(checks: Record<string, string>): Readiness {
  return { ready: Object.values(checks).every((check) => check === 'ok'), checks };
}
