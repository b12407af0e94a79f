// What the crash test must find: stages whose rows and position are not one transaction, whose former owners are not fenced, and which
// read what is not committed.
import { buildNext } from '../platform/next-build.ts';
import { type StageService, stageServices } from './pipeline.ts';

/** A replacement that finds nothing is an error. */
function replaced(source: string, replacements: readonly [RegExp, string][]): string {
  return replacements.reduce((text, [from, to]) => {
    if (!from.test(text)) throw new Error(`${from.source} is not in the source any more`);
    return text.replace(from, to);
  }, source);
}

const changes: Record<string, (source: string) => string> = {
  'packages/streams/src/kafka.ts': (source) =>
    replaced(source, [
      [/transactionalId: options\.transactionalId,/, ''],
      [/transactionTimeout: TRANSACTION_TIMEOUT_MS,/, ''],
      [/readUncommitted: false/, 'readUncommitted: true'],
    ]),
  'packages/streams/src/stage/partition-owner.ts': (source) =>
    replaced(source, [
      [
        /const transaction = await producer\.transaction\(\);/,
        `const transaction = {
          commit: async () => undefined,
          sendBatch: async ({ acks, topicMessages }) => {
            for (const one of topicMessages) await producer.sendBatch({ acks, topicMessages: [one] });
          },
        };`,
      ],
    ]),
};

/** Builds of all stages without transactions. */
export async function buildWithoutTransactions(): Promise<Record<StageService, string>> {
  const built: [StageService, string][] = [];
  for (const service of stageServices)
    built.push([service, await buildNext(service, changes, { version: 'without-transactions' })]);
  return Object.fromEntries(built) as Record<StageService, string>;
}
