import { messageOf } from '@shopstream/platform';
import type { Logger } from '@shopstream/platform';
import type { FeatureStore, HistoryStore } from './domain/stores.ts';
import type { ServingMetrics } from './metrics.ts';

/** One line in this time for each kind of news: under load single reads may miss their deadline all the time. */
const quietMs = 10_000;

/** Times every read of a store, and logs that it does not answer, if that goes on no more than every ten seconds. */
export function createReadObserver(
  store: string,
  { logger, metrics }: { logger: Logger; metrics: Pick<ServingMetrics, 'storeReads'> },
) {
  let failures = 0;
  let quietUntil = 0;

  return async <T>(read: string, work: Promise<T>): Promise<T> => {
    const stopTimer = metrics.storeReads.startTimer({ store, read });
    try {
      return await work;
    } catch (error) {
      failures += 1;
      if (Date.now() >= quietUntil) {
        logger.warn({ store, read, failures, reason: messageOf(error) }, 'store did not answer in time');
        quietUntil = Date.now() + quietMs;
        failures = 0;
      }
      throw error;
    } finally {
      stopTimer();
    }
  };
}

type Observe = ReturnType<typeof createReadObserver>;

export function observeFeatures(features: FeatureStore, observe: Observe): FeatureStore {
  return {
    shopper: (shopper) => observe('shopper', features.shopper(shopper)),
    neighbours: (namespace, itemIds) => observe('neighbours', features.neighbours(namespace, itemIds)),
    crowd: (namespace, category) => observe('crowd', features.crowd(namespace, category)),
  };
}

export function observeHistory(history: HistoryStore, observe: Observe): HistoryStore {
  return { newest: (query) => observe('history', history.newest(query)) };
}
