import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createEventIntake, type EventIntake } from './event-intake.ts';

interface Batch {
  namespace?: string;
  events: { event_id: string; large?: boolean }[];
}
type Behaviour = (batch: Batch, response: ServerResponse) => void;

const answer = (response: ServerResponse, status: number, body: unknown) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
const accept: Behaviour = ({ events }, response) =>
  answer(response, 202, {
    accepted: events.length,
    refused: 0,
    results: events.map(({ event_id }, index) => ({ index, status: 'accepted', event_id })),
  });
const unavailable: Behaviour = (_, response) => answer(response, 503, { error: {} });
const hangUp: Behaviour = (_, response) => void response.destroy();

let gateway: Server | undefined;
let intake: EventIntake | undefined;
let received: Batch[] = [];

/** A gateway that behaves once in each of the ways given, and as in the last one from then on. */
const start = (...behaviours: [Behaviour, ...Behaviour[]]) =>
  startWith({ giveUpAfterMs: 60_000 }, behaviours);

async function startWith(patience: { giveUpAfterMs: number }, behaviours: Behaviour[]) {
  const left = [...behaviours];
  received = [];
  gateway = createServer((request, response) => {
    void text(request).then((body) => {
      const batch = JSON.parse(body) as Batch;
      received.push(batch);
      const behave = left.length > 1 ? left.shift() : left[0];
      behave?.(batch, response);
    });
  }).listen(0, '127.0.0.1');
  await once(gateway, 'listening');
  const troubles: string[] = [];
  intake = createEventIntake({
    gateway: `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`,
    namespace: 'outlet',
    signal: new AbortController().signal,
    onTrouble: (reason) => troubles.push(reason),
    ...patience,
  });
  return { intake, troubles };
}

afterEach(async () => {
  await intake?.close();
  gateway?.closeAllConnections();
  gateway?.close();
});

const events = [{ event_id: 'a' }, { event_id: 'b' }];

describe('events to the gateway', () => {
  it('are sent again, the same and in the same order, until they are answered', async () => {
    const { intake, troubles } = await start(unavailable, hangUp, unavailable, accept);
    const results = await intake.send(events);
    expect(results.map(({ event_id }) => event_id)).toEqual(['a', 'b']);
    expect(received).toEqual(Array.from({ length: 4 }, () => ({ namespace: 'outlet', events })));
    expect(intake.retries()).toBe(3);
    expect(troubles).toEqual(['status 503']);
  });

  it('are given up with a clear error when nobody answers for long', async () => {
    const { intake } = await startWith({ giveUpAfterMs: 1_000 }, [unavailable]);
    await expect(intake.send(events)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringMatching(/does not take events \(status 503\); `shopstream doctor`/),
    });
  });

  it('are halved where the batch is too large, until only the one too large is refused', async () => {
    const { intake } = await start((batch, response) =>
      batch.events.some(({ large }) => large) ? answer(response, 413, {}) : accept(batch, response),
    );
    const results = await intake.send([...events, { event_id: 'c', large: true }, { event_id: 'd' }]);
    expect(results.map(({ status }) => status)).toEqual(['accepted', 'accepted', 'refused', 'accepted']);
  });

  it('that were all refused have their reasons, although the status is 400', async () => {
    const { intake } = await start((batch, response) =>
      answer(response, 400, {
        error: { code: 'INVALID_INPUT' },
        results: batch.events.map((_, index) => ({
          index,
          status: 'refused',
          event_id: null,
          field: 'ts',
          reason: 'no',
        })),
      }),
    );
    expect((await intake.send(events)).map(({ reason }) => reason)).toEqual(['no', 'no']);
  });

  it('are not sent on and on to something that is no gateway', async () => {
    const { intake } = await start((_, response) => answer(response, 404, { error: { code: 'NOT_FOUND' } }));
    await expect(intake.send(events)).rejects.toThrow(/refused with 404/);
    expect(received).toHaveLength(1);
  });
});
