import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger, Registry } from '@shopstream/platform';
import { createStreams, type EventProducer, kafkaConfigShape } from '@shopstream/streams';
import {
  clickstreamEvent,
  eventually,
  noonMs,
  type ServiceProcess,
  startCuttableProxy,
  testSettings,
} from '@shopstream/testkit';
import type { Clickstream } from '@shopstream/contracts';
import { z } from 'zod';
import { freshIngestion, type Ingestion, post } from './setup.ts';

let ingestion: Ingestion;
let producer: EventProducer;
let service: ServiceProcess;

beforeAll(async () => {
  ingestion = await freshIngestion();
  producer = await startProducer(ingestion);
  service = await ingestion.start();
});

afterAll(async () => {
  await producer.stop();
  await ingestion.close();
});

/** A producer that writes to Kafka itself, past the collector. */
async function startProducer({ env }: Ingestion): Promise<EventProducer> {
  const streams = createStreams(z.object(kafkaConfigShape).parse(env), {
    name: 'direct-producer',
    logger: createLogger({ name: 'direct-producer', level: 'silent' }),
    metrics: new Registry(),
  });
  const created = streams.createProducer({ topics: ['ecom.clickstream.v1'] });
  await created.start();
  return created;
}

const produce = (to: EventProducer, rows: readonly Clickstream[]) =>
  to.send(rows.map((value) => ({ topic: 'ecom.clickstream.v1', value })));

const idsIn = async (topic: 'ecom.events-clean.v1' | 'ecom.signals.v1', from = ingestion) =>
  (await from.rows(topic)).map(({ event_id }) => event_id);

describe('the cleaning stage', () => {
  it('sends the six types to events-clean and the others to signals', async () => {
    const types = ['view', 'add', 'purchase', 'like', 'custom', 'impression'];
    await produce(
      producer,
      types.map((event_type) => clickstreamEvent({ event_id: `t-${event_type}`, event_type })),
    );
    await eventually(async () => {
      expect((await idsIn('ecom.events-clean.v1')).sort()).toEqual(['t-add', 't-purchase', 't-view']);
      expect((await idsIn('ecom.signals.v1')).sort()).toEqual(['t-custom', 't-impression', 't-like']);
    });
    const clean = await ingestion.rows('ecom.events-clean.v1');
    expect(clean.find(({ event_id }) => event_id === 't-add')).toMatchObject({
      event_type: 'add_to_cart',
      user_identifier: 'user-1',
    });
  });

  it('passes an event once, whatever session and partition its copies are in', async () => {
    const copies = ['s1', 's2', 's3', 's1'].map((session_id) =>
      clickstreamEvent({ event_id: 'twin', session_id }),
    );
    await produce(producer, copies);
    await produce(producer, [clickstreamEvent({ event_id: 'after-twins', session_id: 's1' })]);
    await produce(producer, [clickstreamEvent({ event_id: 'after-twins-2', session_id: 's2' })]);
    await eventually(async () => {
      const ids = await idsIn('ecom.events-clean.v1');
      expect(ids).toEqual(expect.arrayContaining(['after-twins', 'after-twins-2']));
      expect(ids.filter((id) => id === 'twin')).toHaveLength(1);
    });
    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    expect(metrics).toMatch(/ingestion_cleaned_total\{[^}]*outcome="duplicate"[^}]*\} 3\n/);
  });

  it('passes events in the order of the log, not of their times', async () => {
    const times = [5, 1, 3].map((minute) => noonMs + minute * 60_000);
    const rows = times.map((timestamp, index) =>
      clickstreamEvent({ event_id: `late-${index}`, session_id: 'disorder', timestamp }),
    );
    await produce(producer, rows);
    await eventually(async () => {
      const ids = (await idsIn('ecom.events-clean.v1')).filter((id) => id.startsWith('late-'));
      expect(ids).toEqual(['late-0', 'late-1', 'late-2']);
    });
  });

  it('keeps poison as a dead letter with its bytes, and goes on', async () => {
    await produce(producer, [
      clickstreamEvent({ event_id: null, session_id: 'poison' }),
      clickstreamEvent({ event_id: 'no-session', session_id: null }),
      clickstreamEvent({ event_id: 'strange', event_type: 'teleport', session_id: 'poison' }),
      clickstreamEvent({ event_id: 'x'.repeat(65), session_id: 'poison' }),
      clickstreamEvent({ event_id: 'after-poison', session_id: 'poison' }),
    ]);
    await eventually(async () => {
      expect(await idsIn('ecom.events-clean.v1')).toContain('after-poison');
      const letters = await ingestion.rows('ecom.dead-letter.v1');
      const reasons = letters.map(({ stage, reason, field }) => `${stage} ${reason} ${field ?? ''}`);
      expect(reasons.sort()).toEqual([
        'cleaning invalid_id event_id',
        'cleaning missing_event_id event_id',
        'cleaning missing_session_id session_id',
        'cleaning unknown_event_type event_type',
      ]);
      for (const { value } of letters) expect(value?.[0]).toBe(0);
    });
  });

  it('waits for Redis as long as it takes, while events are accepted, then passes everything once', async () => {
    const { hostname, port } = new URL(testSettings().REDIS_URL);
    const proxy = await startCuttableProxy({ host: hostname, port: Number(port) });
    const own = await freshIngestion({ settings: { REDIS_URL: `redis://127.0.0.1:${proxy.port}` } });
    const ownProducer = await startProducer(own);
    const ownService = await own.start();
    const click = { eventType: 'click', userId: 'u', productId: 'p', eventId: 'over-http' };
    await proxy.cut();
    const rows = Array.from({ length: 50 }, (_, index) => clickstreamEvent({ event_id: `r-${index}` }));
    await produce(ownProducer, [...rows, ...rows]);
    await eventually(async () => {
      const answer = await fetch(`${ownService.url}/readyz`);
      expect(answer.status).toBe(503);
      expect(await answer.text()).toMatch(/"cleaning":"waiting for claims: /);
    });
    expect((await post(`${ownService.url}/v1/events`, click)).status).toBe(202);
    expect((await fetch(`${ownService.url}/livez`)).status).toBe(200);

    // It waits inside the batch: one that fails is tried ten times in half a minute, and then the process ends.
    const metrics = await (await fetch(`${ownService.url}/metrics`)).text();
    expect(metrics).not.toMatch(/stream_failures_total\{.*\} [1-9]/);

    // Nor does the collector need it to start.
    expect(await ownService.stop()).toEqual({ code: 0, signal: null });
    const again = await own.start({}, { waitUntilReady: false });
    await eventually(async () =>
      expect((await post(`${again.url}/v1/events`, { ...click, eventId: 'later' })).status).toBe(202),
    );
    expect(await idsIn('ecom.events-clean.v1', own)).toEqual([]);
    await proxy.restore();
    const expected = [...rows.map((row) => row.event_id), 'over-http', 'later'];
    await eventually(async () =>
      expect((await idsIn('ecom.events-clean.v1', own)).sort()).toEqual(expected.sort()),
    );
    await ownProducer.stop();
    await own.close();
    await proxy.stop();
  });

  it('loses and doubles nothing when it is stopped in the middle of a batch', async () => {
    const own = await freshIngestion();
    const ownProducer = await startProducer(own);
    const rows = Array.from({ length: 20_000 }, (_, index) =>
      clickstreamEvent({ event_id: `s-${index}`, session_id: `session-${index % 97}` }),
    );
    await produce(ownProducer, rows);
    const first = await own.start();
    await eventually(
      async () => {
        const ends = await own.streams.admin.endOffsets('ecom.events-clean.v1');
        expect([...ends.values()].some(({ high }) => high > 0n)).toBe(true);
      },
      { intervalMs: 5 },
    );
    expect(await first.stop('SIGTERM')).toEqual({ code: 0, signal: null });
    expect((await own.rows('ecom.events-clean.v1')).length).toBeLessThan(rows.length);
    await own.start();
    await eventually(
      async () => {
        const ids = await idsIn('ecom.events-clean.v1', own);
        expect(ids).toHaveLength(rows.length);
        expect(new Set(ids).size).toBe(rows.length);
      },
      { intervalMs: 250 },
    );
    await ownProducer.stop();
    await own.close();
  });
});
