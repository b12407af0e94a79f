import { DEFAULT_NAMESPACE } from '@shopstream/contracts';
import { createLogger } from '@shopstream/platform';
import { connectRedis } from '@shopstream/stores';
import { Command, Option } from 'commander';
import { withStreams } from '../adapters/kafka.ts';
import { type Context, webAddress } from '../context.ts';
import type { Step, Trace } from '../domain/trace/step.ts';
import { parseNamespace } from '../namespace-option.ts';
import { toTable } from '../table.ts';
import { parseTime } from '../time-option.ts';
import { traceEvent } from '../trace.ts';

interface TraceOptions {
  namespace: string;
  since: number;
  gateway?: string;
  json?: boolean;
}

export function traceCommand(context: Context): Command {
  return new Command('trace')
    .description('Show where one event is, with times and delays')
    .argument('<event-id>', 'id of the event')
    .option('--namespace <name>', 'tenant of the event', parseNamespace, DEFAULT_NAMESPACE)
    .addOption(
      new Option('--since <time>', 'look no further back than this time, ISO 8601 or 30m, 24h, 7d ago')
        .argParser(parseTime)
        .default(parseTime('24h'), '24h'),
    )
    .option(
      '--gateway <url>',
      'base URL of the gateway (default: GATEWAY_URL, http://127.0.0.1:8080)',
      webAddress,
    )
    .option('--json', 'as one JSON object')
    .addHelpText(
      'after',
      `
Where the event is comes from its claim in Redis while that is kept, otherwise from a search of clickstream, the last hour first. From there
on only the partitions of its keys are read. Delays are those since the step that a step follows from. Keys of features say what they hold
now: later events may have changed it. Exit code 1 when nobody knows the event.

Examples:
  shopstream trace 0198c2f4-5b7e-7f7a-9d0a-6f8f3c1e2a11
  shopstream trace order-17 --namespace outlet --since 7d --json`,
    )
    .action((eventId: string, options: TraceOptions) => run(context, eventId, options));
}

async function run(context: Context, eventId: string, options: TraceOptions): Promise<void> {
  const { terminal, config, finish } = context;
  const settings = config();
  const { namespace, since: sinceMs } = options;
  const redis = connectRedis(settings, { logger: createLogger({ name: 'cli', level: 'silent' }) });
  await redis.start();
  try {
    const trace = await withStreams(settings, (streams) => {
      const gateway = options.gateway ?? settings.GATEWAY_URL;
      const deps = { streams, redis: redis.client, gateway, sinceMs, signal: terminal.signal };
      return traceEvent({ namespace, eventId }, deps);
    });
    await terminal.print(options.json ? JSON.stringify(trace) : toText(trace));
    finish(trace.status !== 'unknown');
  } finally {
    await redis.stop();
  }
}

function toText({ event_id, namespace, status, steps }: Trace): string {
  if (status === 'unknown') return `Nobody knows ${event_id} of ${namespace}; --since looks further back.`;
  const table = toTable(steps, [
    { title: 'step', value: ({ step }) => step },
    { title: 'at', value: ({ at }) => at ?? '' },
    {
      title: 'after',
      value: ({ after_ms }) => (after_ms === null ? '' : `${after_ms.toLocaleString('en')} ms`),
      align: 'right',
    },
    { title: 'where', value: ({ where }) => where },
    { title: 'what', value: whatText },
  ]);
  return `${event_id} of ${namespace}: ${status}\n\n${table}`;
}

const whatText = ({ what }: Step): string =>
  Object.entries(what)
    .filter(([, value]) => value !== null)
    .map(([name, value]) =>
      ['note', 'itself', 'error'].includes(name) ? String(value) : `${name}: ${String(value)}`,
    )
    .join(', ');
