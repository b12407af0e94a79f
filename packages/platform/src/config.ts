import { z } from 'zod';

/** Settings that cannot be used. `problems` has one line for each variable, naming it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`invalid settings: ${problems.join('; ')}`);
    this.problems = problems;
  }
}

/**
 * Reads settings by a zod object whose keys are the variables' names. An empty variable counts as missing.
 * @throws ConfigError with all problems together
 * @example const loadConfig = (env: Environment) => parseEnv(z.object({ ...baseServiceConfig(8081) }), env);
 */
export function parseEnv<Schema extends z.ZodObject>(schema: Schema, env: Environment): z.output<Schema> {
  const present = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const result = schema.safeParse(present);
  if (result.success) return result.data;
  throw new ConfigError(
    result.error.issues.map((issue) => {
      const name = String(issue.path[0] ?? 'environment');
      return name in present ? `${name}: ${issue.message}` : `${name}: is missing`;
    }),
  );
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** A whole number written in decimal digits; `''`, `1e3`, `0x10` and ` 5` are errors. */
export function envInteger({ min = 0, max = Number.MAX_SAFE_INTEGER }: { min?: number; max?: number } = {}) {
  return z
    .string()
    .regex(/^-?\d+$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(min, `must be at least ${min}`).max(max, `must be at most ${max}`));
}

/** `true` or `false`, nothing else. */
export function envBoolean() {
  return z.enum(['true', 'false'], 'must be true or false').transform((text) => text === 'true');
}

/** Values separated by commas, without blanks around them; at least one. */
export function envList() {
  return z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(z.string().min(1, 'must not hold an empty value')));
}

/**
 * The settings every service has, to be spread into its own schema.
 * @param defaultPort where it serves HTTP when HTTP_PORT is not set
 */
export function baseServiceConfig(defaultPort: number) {
  return {
    HTTP_HOST: z.string().default('127.0.0.1'),
    HTTP_PORT: envInteger({ max: 65_535 }).default(defaultPort),
    LOG_LEVEL: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
    STOP_TIMEOUT_MS: envInteger({ min: 1 }).default(10_000),
  };
}

export type BaseServiceConfig = z.output<z.ZodObject<ReturnType<typeof baseServiceConfig>>>;
