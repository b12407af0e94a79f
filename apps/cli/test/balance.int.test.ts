import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { topicNames } from '@shopstream/contracts';
import { cleanEvent, eventually } from '@shopstream/testkit';
import { type Ingestion, startIngestion } from './ingestion.ts';
import { runCli, toLines } from './run-cli.ts';

// The stages behind cleaning are balanced after each test of the whole platform.
let ingestion: Ingestion;

beforeAll(async () => {
  ingestion = await startIngestion(topicNames);
});

afterAll(() => ingestion.stop());

interface Line {
  line: string;
  namespace: string | null;
  received: number;
  outcomes: Record<string, number>;
  waiting: number;
  off_by: number | null;
}

async function balance(...args: string[]) {
  const settings = { ...ingestion.env, INGESTION_URL: ingestion.url };
  const { code, out, err } = await runCli(['balance', '--json', ...args], settings);
  const lines = toLines(out) as unknown as Line[];
  const of = (name: string, namespace: string | null = null) =>
    lines.find(({ line, namespace: tenant }) => line === name && tenant === namespace);
  return { code, err, lines, of };
}

const event = (eventId: string, more: object = {}) => ({
  ...{ eventType: 'view', userId: 'u1', sessionId: 's1', productId: 'p1' },
  eventId,
  ...more,
});

describe('balance', () => {
  it('finds an outcome for everything that was received, tenant by tenant', async () => {
    const outlet = [event('a'), event('b', { eventType: 'like' }), event('bad', { userId: '' })];
    await ingestion.post({ namespace: 'outlet', events: outlet });
    await ingestion.post({ events: [event('a'), event('a'), event('c')] });
    await eventually(async () => {
      const { code, err, of } = await balance('--recount', '--by-namespace');
      expect([code, err]).toEqual([0, '']);
      expect(of('rows: clickstream = cleaning')).toMatchObject({
        ...{ received: 5, waiting: 0, off_by: 0 },
        outcomes: { clean: 3, signals: 1, 'dead letters': 0, duplicates: 1 },
      });
      expect(of('rows: clickstream = cleaning', 'outlet')).toMatchObject({ received: 2, off_by: 0 });
      expect(of('collector: accepted = rows')).toMatchObject({ received: 5, off_by: 0 });
      expect(of('collector: refused = dead letters')).toMatchObject({ received: 1, off_by: 0 });
      expect(of('clean: written = rows')).toMatchObject({ received: 3, off_by: 0 });
    });
    const { code, of } = await balance();
    expect(code).toBe(0);
    expect(of('clickstream = read by cleaning')).toMatchObject({ received: 5, outcomes: { read: 5 } });
    expect(of('cleaning: in = out')).toMatchObject({ outcomes: { clean: 3, signals: 1, duplicate: 1 } });
    expect(of('clean = read by enrichment')).toMatchObject({ received: 3, waiting: 3, off_by: 0 });
    expect(of('collector: refused = dead letters')).toMatchObject({ received: 1, off_by: 0 });
  });

  it('is off by a row that is there twice, and fails', async () => {
    const producer = ingestion.streams.createProducer({ topics: ['ecom.events-clean.v1'] });
    await producer.start();
    const value = cleanEvent({ event_id: 'c', session_id: 's1', user_id: 'u1' });
    await producer.send([{ topic: 'ecom.events-clean.v1', value }]);
    await producer.stop();
    const { code, of } = await balance('--recount', '--no-collector');
    expect(code).toBe(1);
    expect(of('rows: clickstream = cleaning')).toMatchObject({ off_by: -1 });
    expect(of('rows: events once in clean and signals')).toMatchObject({ off_by: -1 });
    expect(of('clean: written = rows')).toMatchObject({ off_by: -1 });
    expect(of('collector: accepted = rows')).toBeUndefined();
    const { out } = await runCli(['balance', '--recount'], ingestion.env);
    expect(out).toMatch(/rows: clickstream = cleaning +5 +4 clean \+ 1 signals .* -1/);
  });
});
