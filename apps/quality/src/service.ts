import { toTests, topicsToRead } from '@shopstream/data-tests';
import { type Service, type ServiceContext, inOrder, toReadiness } from '@shopstream/platform';
import { createStreams } from '@shopstream/streams';
import { createResults } from './adapters/results-topic.ts';
import { createSlackWebhook } from './adapters/slack-webhook.ts';
import type { Config } from './config.ts';
import { createQualityMetrics } from './metrics.ts';
import { createWatch } from './watch.ts';

/** Shorter than a look may take before it is missed. */
const READ_TIMEOUT_MS = 5_000;

export function createQuality(config: Config, context: ServiceContext): Service {
  const metrics = createQualityMetrics(context.metrics);
  const stopping = new AbortController();
  const tests = toTests();
  const streams = createStreams(config, context);
  const reader = streams.createSpotReader({ topics: topicsToRead(tests) });
  const results = createResults(streams);
  const webhook =
    config.SLACK_WEBHOOK === undefined
      ? null
      : createSlackWebhook(config.SLACK_WEBHOOK, {
          signal: stopping.signal,
          onFailure: () => metrics.messages.inc({ result: 'failed' }),
        });
  const watch = createWatch(
    {
      tests,
      sources: { admin: streams.admin, reader, readTimeoutMs: READ_TIMEOUT_MS },
      results,
      webhook,
      metrics,
      logger: context.logger,
    },
    {
      intervalMs: config.CHECK_INTERVAL_MS,
      recoveryMs: config.RECOVERY_MS,
      alertLevel: config.ALERT_LEVEL,
    },
  );
  const resources = inOrder([streams.admin, reader, results, watch]);

  return {
    start: () => resources.start(),
    // A message that is being tried again is given up: it is due again after the next start.
    async stop() {
      stopping.abort();
      await resources.stop();
    },
    ready: () => toReadiness({ kafka: reader.ready() }),
    live: () => reader.live() && watch.live(),
  };
}
