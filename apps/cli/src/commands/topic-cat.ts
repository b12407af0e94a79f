import type { TopicName } from '@shopstream/contracts';
import type { LogRecord } from '@shopstream/streams';
import { Command } from 'commander';
import { withStreams } from '../adapters/kafka.ts';
import { type Context, integer, UsageError } from '../context.ts';
import { toJsonRow } from '../domain/json-row.ts';
import { toTopicName } from '../domain/topic-name.ts';

interface CatOptions {
  fromBeginning?: boolean;
  untilNow?: boolean;
  partition?: number;
  limit?: number;
}

export function topicCommand(context: Context): Command {
  return new Command('topic').description('Look into a topic').addCommand(catCommand(context));
}

function catCommand(context: Context): Command {
  return new Command('cat')
    .description('Print the rows of a topic, decoded, one JSON object a line')
    .argument('<name>', 'topic, also in short: events-clean for ecom.events-clean.v1')
    .option('--from-beginning', 'start with the oldest row instead of the next new one')
    .option('--until-now', 'stop at the last row there was at the start')
    .option('--partition <number>', 'this partition only', integer({ min: 0 }))
    .option('--limit <rows>', 'stop after so many rows', integer({ min: 1 }))
    .option('--json', 'the default, and the only format')
    .addHelpText(
      'after',
      `
Rows have partition, offset, timestamp (Kafka's), key and value. Names inside value are those of the Avro schema, times are ISO 8601 in
UTC with milliseconds, decimals are numbers (text beyond 15 digits), bytes are base64. Rows of open transactions are not shown. Bytes
that cannot be decoded are shown as "error".

Examples:
  shopstream topic cat events-clean                                follow new events
  shopstream topic cat clickstream --from-beginning --until-now    all there is
  shopstream topic cat dead-letter --from-beginning --until-now | jq -r .value.reason | sort | uniq -c`,
    )
    .action(async (name: string, options: CatOptions) => {
      const topic = toTopicName(name);
      if (topic === undefined)
        throw new UsageError(`there is no topic ${name}; \`shopstream topics\` lists them`);
      await cat(context, topic, options);
    });
}

async function cat({ terminal, config }: Context, topic: TopicName, options: CatOptions): Promise<void> {
  const { partition, limit = Infinity } = options;
  const enough = new AbortController();
  const signal = AbortSignal.any([terminal.signal, enough.signal]);
  let printed = 0;
  await withStreams(config(), async (streams) => {
    const { partitions } =
      (await streams.admin.describeTopics()).find((status) => status.topic === topic) ?? {};
    if (!partitions) throw new UsageError(`${topic} does not exist; \`shopstream doctor\` says what to do`);
    if (partition !== undefined && partition >= partitions) {
      throw new UsageError(`${topic} has partitions 0 to ${partitions - 1}`);
    }
    await streams.readLog(
      {
        topic,
        from: options.fromBeginning ? 'beginning' : 'end',
        until: options.untilNow ? 'now' : 'forever',
        ...(partition !== undefined && { partition }),
        signal,
      },
      async (record) => {
        if (signal.aborted) return;
        await terminal.print(toLine(topic, record));
        printed += 1;
        if (printed >= limit) enough.abort();
      },
    );
  });
}

function toLine(topic: TopicName, { partition, offset, timestamp, key, value }: LogRecord): string {
  const row = { partition, offset: Number(offset), timestamp: new Date(timestamp).toISOString() };
  const content =
    value instanceof Error
      ? { value: null, error: value.message }
      : { value: value === null ? null : toJsonRow(topic, value) };
  return JSON.stringify({ ...row, key: key?.toString('utf8') ?? null, ...content });
}
