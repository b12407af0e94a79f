import { createLogger, createMetrics } from '@shopstream/platform';
import { createStreams } from '@shopstream/streams';
import type { Streams } from '@shopstream/streams';
import type { CliConfig } from '../config.ts';

/** Streams for one command, disconnected when it has ended. What goes wrong reaches the caller as an error, not as a log. */
export async function withStreams<T>(config: CliConfig, use: (streams: Streams) => Promise<T>): Promise<T> {
  const logger = createLogger({ name: 'cli', level: 'silent' });
  const streams = createStreams(config, { name: 'shopstream-cli', logger, metrics: createMetrics('cli') });
  try {
    return await use(streams);
  } finally {
    await streams.admin.stop();
  }
}
