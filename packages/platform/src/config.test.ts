import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { baseServiceConfig, ConfigError, envBoolean, envInteger, envList, parseEnv } from './config.ts';

const schema = z.object({
  ...baseServiceConfig(8081),
  BROKERS: envList(),
  LIMIT: envInteger({ min: 1, max: 10 }),
  SECURE: envBoolean().default(false),
});

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    parseEnv(schema, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
  }
  throw new Error('the settings were accepted');
}

describe('parseEnv', () => {
  it('fills in defaults and takes an empty variable for a missing one', () => {
    expect(parseEnv(schema, { BROKERS: 'a:1, b:2', LIMIT: '3', SECURE: 'true', HTTP_HOST: '' })).toEqual({
      HTTP_HOST: '127.0.0.1',
      HTTP_PORT: 8081,
      LOG_LEVEL: 'info',
      STOP_TIMEOUT_MS: 10_000,
      BROKERS: ['a:1', 'b:2'],
      LIMIT: 3,
      SECURE: true,
    });
  });

  it('reports all problems together, each naming its variable', () => {
    const problems = problemsOf({ LIMIT: '11', SECURE: 'yes', LOG_LEVEL: 'loud', HTTP_PORT: '70000' });
    expect(problems).toHaveLength(5);
    expect(problems.map((problem) => problem.split(':')[0]).sort()).toEqual(
      ['BROKERS', 'HTTP_PORT', 'LIMIT', 'LOG_LEVEL', 'SECURE'].sort(),
    );
    expect(problems).toContain('BROKERS: is missing');
  });

  it.each(['', '1e1', '0x1', ' 1', '1.0', 'one', 'NaN'])(
    'takes %j for an error where a whole number belongs',
    (text) => {
      expect(problemsOf({ BROKERS: 'a:1', LIMIT: text })[0]).toMatch(/^LIMIT: /);
    },
  );

  it('never repeats a value, which may be a secret', () => {
    expect(problemsOf({ BROKERS: 'a', LIMIT: 's3cret' }).join()).not.toContain('s3cret');
  });
});
