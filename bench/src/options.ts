import { parseArgs } from 'node:util';
import path from 'node:path';
import { repositoryRoot } from '@shopstream/infra';
import { benchNames } from './bench-names.ts';

export type ServerChoice = 'own' | 'running' | 'test';

export interface Options {
  /** Those to run; all when empty. */
  names: string[];
  servers: ServerChoice;
  /** Where real data is. */
  dataDir: string;
  /** Seconds that one load lasts. */
  seconds: number;
  /** Events of a backlog. */
  events: number;
  /** Whether services write CPU profiles. */
  profile: boolean;
  /** Settings that services get besides their usual ones. */
  settings: Record<string, string>;
}

const usage = `npm run bench [-- NAME … OPTIONS]     ${benchNames.join(', ')}; all without a name
  --servers own|running|test   own: started and removed again (default); running: those of .env; test: those of the tests
  --data DIR                   real data (default: ../shared/data)
  --seconds N                  how long each load lasts (default 8)
  --events N                   events of the stages' backlog (default 200000)
  --set NAME=VALUE             a setting of the services; may be repeated
  --profile                    CPU profiles of the services in bench/results/profiles`;

/** @throws Error with the usage */
export function readOptions(args: string[]): Options {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      servers: { type: 'string', default: 'own' },
      data: { type: 'string', default: path.join(repositoryRoot, '../shared/data') },
      seconds: { type: 'string', default: '8' },
      events: { type: 'string', default: '200000' },
      set: { type: 'string', multiple: true, default: [] },
      profile: { type: 'boolean', default: false },
    },
  });
  const unknown = positionals.filter((name) => !(benchNames as readonly string[]).includes(name));
  if (unknown.length > 0) throw new Error(`unknown: ${unknown.join(', ')}\n${usage}`);
  return {
    names: positionals,
    servers: toServerChoice(values.servers),
    dataDir: path.resolve(process.env['INIT_CWD'] ?? '.', values.data),
    seconds: toCount(values.seconds),
    events: toCount(values.events),
    profile: values.profile,
    settings: Object.fromEntries(values.set.map(toSetting)),
  };
}

function toServerChoice(text: string): ServerChoice {
  if (text === 'own' || text === 'running' || text === 'test') return text;
  throw new Error(`--servers ${text}\n${usage}`);
}

function toCount(text: string): number {
  if (/^[1-9]\d{0,7}$/.test(text)) return Number(text);
  throw new Error(`${text} is no number of things\n${usage}`);
}

function toSetting(text: string): [string, string] {
  const [, name, value] = /^([A-Z_]+)=(.*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new Error(`--set ${text}\n${usage}`);
  return [name, value];
}
