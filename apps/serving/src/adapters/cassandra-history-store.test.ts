import { describe, expect, it } from '@jest/globals';
import type { CassandraClient } from '@shopstream/stores';
import { createCassandraHistoryStore } from './cassandra-history-store.ts';

describe('the history in Cassandra', () => {
  it('is given up at its deadline when Cassandra is silent', async () => {
    const silent = { execute: () => new Promise<never>(() => {}) } as unknown as CassandraClient;
    const store = createCassandraHistoryStore(silent, { timeoutMs: 20 });
    const query = { namespace: 'default', userId: 'u', limit: 20 };
    await expect(store.newest(query)).rejects.toThrow('cassandra took longer than 20 ms');
  });
});
