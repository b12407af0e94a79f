import { describe, expect, it } from '@jest/globals';
import type { FileEvent } from './adapters/event-file.ts';
import type { EventIntake } from './adapters/event-intake.ts';
import { replay } from './replay.ts';

/** Remembers what it was sent; answers after as many turns of the event loop as `turns` says. */
function createIntake({
  refuse = () => false,
  turns = 1,
}: { refuse?: (id: string) => boolean; turns?: number } = {}) {
  const sent: { id: string; session: string }[] = [];
  const inFlight = { now: 0, most: 0 };
  const intake: EventIntake = {
    async send(events) {
      inFlight.most = Math.max(inFlight.most, (inFlight.now += 1));
      for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate);
      inFlight.now -= 1;
      return (events as { event_id: string; session_id: string }[]).map(({ event_id, session_id }, index) => {
        sent.push({ id: event_id, session: session_id });
        return refuse(event_id)
          ? { index, status: 'refused' as const, event_id, field: 'price', reason: 'is negative' }
          : { index, status: 'accepted' as const, event_id };
      });
    },
    retries: () => 0,
    close: async () => undefined,
  };
  return { intake, sent, inFlight };
}

async function* file(count: number, sessions = 1): AsyncGenerator<FileEvent> {
  for (let line = 1; line <= count; line += 1) {
    yield { line, event: { event_id: `e${line}`, session_id: `s${line % sessions}` } };
  }
}

const options = (changes: Partial<Parameters<typeof replay>[2]> = {}) => ({
  batch: 10,
  concurrency: 1,
  signal: new AbortController().signal,
  wait: async () => undefined,
  onProgress: () => undefined,
  ...changes,
});

describe('a replay', () => {
  it('sends everything in the order of the file, one batch at a time', async () => {
    const { intake, sent, inFlight } = createIntake({ turns: 3 });
    expect(await replay(file(95, 7), intake, options())).toMatchObject({
      sent: 95,
      accepted: 95,
      refused: 0,
    });
    expect(sent.map(({ id }) => id)).toEqual(Array.from({ length: 95 }, (_, index) => `e${index + 1}`));
    expect(inFlight.most).toBe(1);
  });

  it('keeps the order of each session when several batches are on their way', async () => {
    const { intake, sent, inFlight } = createIntake({ turns: 3 });
    await replay(file(500, 23), intake, options({ concurrency: 4 }));
    expect(inFlight.most).toBeGreaterThan(1);
    expect(sent).toHaveLength(500);
    for (let session = 0; session < 23; session += 1) {
      const lines = sent
        .filter((event) => event.session === `s${session}`)
        .map(({ id }) => Number(id.slice(1)));
      expect(lines).toEqual([...lines].sort((a, b) => a - b));
    }
  });

  it('counts refusals by reason, with the first lines of each', async () => {
    const { intake } = createIntake({ refuse: (id) => id.endsWith('3') });
    async function* withBrokenLine(): AsyncGenerator<FileEvent> {
      yield* file(50);
      yield { line: 51, problem: 'is no JSON' };
    }
    expect(await replay(withBrokenLine(), intake, options())).toEqual({
      sent: 51,
      accepted: 45,
      refused: 6,
      refusals: [
        {
          field: 'price',
          reason: 'is negative',
          count: 5,
          examples: [3, 13, 23].map((line) => ({ line, event_id: `e${line}` })),
        },
        { field: 'line', reason: 'is no JSON', count: 1, examples: [{ line: 51, event_id: null }] },
      ],
    });
  });

  it('stops at its limit', async () => {
    const { intake, sent } = createIntake();
    await replay(file(100), intake, options({ limit: 42 }));
    expect(sent).toHaveLength(42);
  });

  it('ends with what is on its way when it is stopped', async () => {
    const stop = new AbortController();
    const { intake, sent } = createIntake();
    const summary = await replay(
      file(1_000),
      intake,
      options({ signal: stop.signal, onProgress: () => stop.abort() }),
    );
    expect(summary.sent).toBe(sent.length);
    expect(sent.length).toBeLessThan(60);
  });

  it('fails when the intake gives up, and sends nothing after that', async () => {
    const { intake } = createIntake();
    let calls = 0;
    const failing: EventIntake = {
      ...intake,
      send: async () => {
        calls += 1;
        throw new Error('away');
      },
    };
    await expect(replay(file(100), failing, options())).rejects.toThrow('away');
    expect(calls).toBe(1);
  });

  it('spreads events over time in small batches where a rate is set', async () => {
    const waits: number[] = [];
    const { intake } = createIntake();
    const wait = async (ms: number) => void waits.push(ms);
    await replay(file(50), intake, options({ rate: 50, wait, batch: 500 }));
    // Ten batches of five; the last is due 0.9 s after the first.
    expect(waits).toHaveLength(9);
    expect(Math.max(...waits)).toBeGreaterThan(800);
    expect(Math.max(...waits)).toBeLessThanOrEqual(900);
  });
});
