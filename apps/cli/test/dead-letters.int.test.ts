import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Ingestion, startIngestion } from './ingestion.ts';
import { runCli, toLines } from './run-cli.ts';

let ingestion: Ingestion;

beforeAll(async () => {
  ingestion = await startIngestion();
});

afterAll(() => ingestion.stop());

const bad = (eventId: string, more: object = {}) => ({
  ...{ eventType: 'purchase', userId: 'u1', sessionId: `s-${eventId}`, productId: 'p1', unitPrice: -1 },
  eventId,
  timestamp: '2026-01-05T12:00:00.000Z',
  ...more,
});

describe('an event that the collector refused', () => {
  it('is listed, counted and shown with the text that was sent', async () => {
    await ingestion.post({ namespace: 'outlet', events: [bad('shown')] });
    const place = await ingestion.placeOf('shown');
    expect((await ingestion.list('--field', 'unitPrice'))[0]).toMatchObject({
      ...{ dead_letter: place, stage: 'collector', reason: 'invalid_field', field: 'unitPrice' },
      ...{ namespace: 'outlet', state: 'open' },
    });
    expect(await ingestion.list('--field', 'nonsense')).toEqual([]);
    expect(await ingestion.list('--until', '2020-01-01')).toEqual([]);
    expect(await ingestion.list('--summary', '--since', '1h')).toMatchObject([
      { stage: 'collector', reason: 'invalid_field', field: 'unitPrice', count: 1, open: 1 },
    ]);
    const { out } = await ingestion.dlq('show', place);
    expect(out).toContain(JSON.stringify(bad('shown')));
    expect(await ingestion.dlq('show', '1:99999')).toMatchObject({ code: 1, out: '' });
  });

  it('comes to events-clean once when mended and sent again, with its own id, tenant and time; also when sent twice', async () => {
    await ingestion.post({ namespace: 'outlet', events: [bad('mended')] });
    const place = await ingestion.placeOf('mended');
    const [first, second] = await Promise.all([
      ingestion.redrive(place, '--set', 'unitPrice=9.9'),
      ingestion.redrive(place, '--set', 'unitPrice=9.9'),
    ]);
    expect([first.err, second.err]).toEqual(['', '']);
    // One of them may have come so late that there was nothing left to be done.
    const sent = [first, second].flatMap(({ out }) => toLines(out)[0]?.['redriven']);
    expect(sent).toContainEqual(expect.objectContaining({ dead_letter: place, event_id: 'mended' }));
    expect(toLines((await ingestion.redrive(place)).out)[0]).toMatchObject({ redriven: [], handled: 1 });
    expect(await ingestion.cleanRowsOf('mended')).toMatchObject([
      { namespace: 'outlet', unit_price: '9.90', timestamp: Date.UTC(2026, 0, 5, 12) },
    ]);
    expect(await ingestion.list('--open', '--namespace', 'outlet')).toMatchObject([{ event_id: 'shown' }]);
  });

  it('without id and time is the same event whenever it is sent again', async () => {
    const { eventId: _id, timestamp: _time, ...event } = bad('unnamed', { sessionId: 's-unnamed' });
    await ingestion.post({ events: [event] });
    const unnamed = (await ingestion.list('--open')).find(({ event_id }) => event_id === null);
    const place = String(unnamed?.['dead_letter']);
    const dryRun = await ingestion.dlq('redrive', place, '--set', 'unitPrice=1', '--dry-run');
    const [{ record } = { record: null }] = toLines(dryRun.out);
    expect(record).toEqual({ ...event, unitPrice: 1, timestamp: unnamed?.['failed_at'] });
    await ingestion.post({ events: [record] });
    const [{ redriven } = { redriven: [] }] = toLines(
      (await ingestion.redrive(place, '--set', 'unitPrice=1')).out,
    );
    const [{ event_id: id } = { event_id: '' }] = redriven as { event_id: string }[];
    expect(await ingestion.cleanRowsOf(id)).toHaveLength(1);
  });

  it('makes a new dead letter when it is refused again', async () => {
    await ingestion.post({ events: [bad('hopeless')] });
    const place = await ingestion.placeOf('hopeless');
    const { code, out } = await ingestion.redrive(place, '--set', 'unitPrice=cheap');
    expect(code).toBe(1);
    expect(toLines(out)[0]).toMatchObject({
      refused_again: [{ dead_letter: place, field: 'unitPrice', reason: expect.stringContaining('decimal') }],
    });
    const letters = (await ingestion.list()).filter(({ event_id }) => event_id === 'hopeless');
    expect(letters.map(({ state }) => state)).toEqual(['open', 'refused_again']);
  });

  it('can be mended by a command and in an editor; what is taken out is not sent', async () => {
    await ingestion.post({ events: [bad('by-command', { productId: '' }), bad('left', { productId: '' })] });
    const mend = `sed -e '/"left"/d' -e 's/"productId":""/"productId":"p9"/' -e 's/"unitPrice":-1/"unitPrice":3/'`;
    const selected = ['--field', 'productId'];
    expect(toLines((await ingestion.redrive(...selected, '--edit-with', mend)).out)[0]).toMatchObject({
      redriven: [{ event_id: 'by-command' }],
    });
    const editor = {
      ...ingestion.env,
      EDITOR: `sed -i -e 's/"productId":""/"productId":"p8"/' -e 's/:-1/:4/'`,
    };
    const args = ['dlq', 'redrive', ...selected, '--edit', '--gateway', ingestion.url, '--yes', '--json'];
    expect(toLines((await runCli(args, editor)).out)[0]).toMatchObject({
      redriven: [{ event_id: 'left' }],
      handled: 1,
    });
    expect(await ingestion.cleanRowsOf('left')).toMatchObject([{ product_id: 'p8', unit_price: '4.00' }]);
    expect(await ingestion.redrive('--all', '--edit-with', 'exit 3')).toMatchObject({
      code: 1,
      err: expect.stringContaining('nothing was sent'),
    });
  });

  it('is not sent again by mistake', async () => {
    expect(await ingestion.redrive()).toMatchObject({ code: 2, err: expect.stringContaining('--all') });
    expect(await ingestion.dlq('redrive', '--all')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--yes'),
    });
    expect(await ingestion.redrive('0:123456')).toMatchObject({
      code: 2,
      err: expect.stringContaining('0:123456'),
    });
  });
});
