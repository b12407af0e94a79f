import { messageOf } from '@shopstream/platform';
import type { Logger } from '@shopstream/platform';
import type { FeatureStore, HistoryStore } from './domain/stores.ts';
import type { ServingMetrics } from './metrics.ts';

/** Times every read of a store, and logs when the store stops answering and when it answers again. */
export function createReadObserver(
  store: string,
  { logger, metrics }: { logger: Logger; metrics: Pick<ServingMetrics, 'storeReads'> },
) {
  let isAway = false;

  async function observe<T>(read: string, work: Promise<T>): Promise<T> {
    const stopTimer = metrics.storeReads.startTimer({ store, read });
    try {
      const result = await work;
      if (isAway) logger.info({ store }, 'store answers again');
      isAway = false;
      return result;
    } catch (error) {
      if (!isAway) logger.warn({ store, read, reason: messageOf(error) }, 'store does not answer');
      isAway = true;
      throw error;
    } finally {
      stopTimer();
    }
  }

  return observe;
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
