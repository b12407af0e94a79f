import type { Logger, Resource } from '@shopstream/platform';
import type { Catalog, CatalogRow } from './domain/catalog.ts';
import type { ItemChanges } from './domain/stores.ts';
import type { ServingMetrics } from './metrics.ts';

const pollMs = 250;

/** Keeps the catalogue up to date. The last state stays in use while PostgreSQL is away. */
export function createCatalogFollower(deps: {
  changes: ItemChanges<CatalogRow>;
  catalog: Catalog;
  logger: Logger;
  metrics: Pick<ServingMetrics, 'catalogItems' | 'catalogReadAt'>;
}): Resource & { ready(): string } {
  const { changes, catalog, logger, metrics } = deps;
  let since: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let polling = Promise.resolve();
  let isStopped = false;
  let problem: string | undefined;
  let isFull = false;

  async function read(): Promise<void> {
    since = await changes.read(since, (rows) => {
      if (!catalog.apply(rows) && !isFull) {
        isFull = true;
        logger.error({ items: catalog.size() }, 'catalogue is full, further items are not served');
      }
    });
    metrics.catalogItems.set(catalog.size());
    metrics.catalogReadAt.setToCurrentTime();
  }

  async function poll(): Promise<void> {
    try {
      await read();
      if (problem !== undefined) logger.info('catalogue is followed again');
      problem = undefined;
    } catch (error) {
      if (problem === undefined)
        logger.warn({ err: error }, 'catalogue is not followed, the last state is used');
      problem = 'PostgreSQL does not answer; the last state is used';
    }
    schedule();
  }

  function schedule(): void {
    if (isStopped) return;
    timer = setTimeout(() => {
      polling = poll();
    }, pollMs);
  }

  return {
    name: 'catalogue',
    async start() {
      await read();
      logger.info({ items: catalog.size() }, 'catalogue read');
      schedule();
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await polling;
    },
    ready: () => problem ?? 'ok',
  };
}
