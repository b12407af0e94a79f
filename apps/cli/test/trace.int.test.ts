import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@shopstream/testkit';
import { type Ingestion, startIngestion } from './ingestion.ts';
import { runCli, toLines } from './run-cli.ts';

// Where an event goes behind cleaning is traced in the tests of the whole platform.
let ingestion: Ingestion;

beforeAll(async () => {
  ingestion = await startIngestion();
});

afterAll(() => ingestion.stop());

interface Step {
  step: string;
  what: Record<string, unknown>;
}

async function trace(eventId: string, ...args: string[]) {
  const { code, out, err } = await runCli(['trace', eventId, '--json', ...args], ingestion.env);
  const [{ status, steps } = { status: null, steps: [] }] = toLines(out) as {
    status: string;
    steps: Step[];
  }[];
  return { code, err, status, steps, names: steps.map(({ step }) => step) };
}

const event = (eventId: string, more: object = {}) => ({
  ...{ eventType: 'like', userId: 'u1', sessionId: 's1', productId: 'p1', timestamp: Date.now() - 60_000 },
  eventId,
  ...more,
});

describe('trace', () => {
  it('finds an event by its claim, with its duplicates, and says which stores do not answer', async () => {
    await ingestion.post({ namespace: 'outlet', events: [event('liked'), event('liked')] });
    await ingestion.cleanRowsOf('liked');
    await eventually(async () => {
      const { code, status, names, steps } = await trace(
        'liked',
        '--namespace',
        'outlet',
        '--gateway',
        'http://127.0.0.1:1',
      );
      expect([code, status]).toEqual([0, 'accepted']);
      expect(names.slice(0, 5)).toEqual(['happened', 'received', 'accepted', 'sent again', 'signal']);
      expect(steps.find(({ step }) => step === 'history')?.what).toMatchObject({ error: expect.any(String) });
      expect(steps.find(({ step }) => step === 'features')?.what).toMatchObject({ note: 'no key holds it' });
    });
    expect(await trace('liked')).toMatchObject({ code: 1, status: 'unknown' });
  });

  it('finds an event that was refused among the dead letters', async () => {
    await ingestion.post({ events: [event('refused', { userId: '' })] });
    const { code, status, steps } = await trace('refused');
    expect([code, status]).toEqual([0, 'refused']);
    expect(steps[0]).toMatchObject({ step: 'dead letter', what: { stage: 'collector', field: 'userId' } });
  });

  it('names the parts of an order', async () => {
    const order = { eventType: 'purchase', items: [{ productId: 'p1', quantity: 1 }], productId: undefined };
    await ingestion.post({ events: [event('order', order)] });
    const { code, status, steps } = await trace('order');
    expect([code, status]).toEqual([0, 'split']);
    const [line = ''] = String(steps[0]?.what['parts']).split(', ');
    expect(await trace(line)).toMatchObject({ code: 0, status: 'accepted' });
  });
});
