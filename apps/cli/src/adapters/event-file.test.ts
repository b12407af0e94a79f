import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type FileEvent, openEventFile } from './event-file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'event-file-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(name: string, contents: string | Buffer): Promise<FileEvent[]> {
  const file = path.join(folder, name);
  await writeFile(file, contents);
  const events: FileEvent[] = [];
  for await (const event of (await openEventFile(file, { columns: {} })).read()) events.push(event);
  return events;
}

const ndjson = '{"event_id":"a"}\n\n{"event_id":"b"}\r\n';
const csv = 'event_id,ts\na,2020-01-01T00:00:00Z\nb,2020-01-01T00:00:01Z\n';
const ids = (events: readonly FileEvent[]) =>
  events.map((entry) => ('event' in entry ? entry.event['event_id'] : entry));

describe('a file of events', () => {
  it.each([
    ['events.ndjson', ndjson],
    ['events.jsonl', ndjson],
    ['events.csv', csv],
    ['events.csv.gz', gzipSync(csv)],
    ['events.ndjson.gz', gzipSync(ndjson)],
    ['gzip-without-saying-so.csv', gzipSync(csv)],
    ['json-by-content', ndjson],
    ['csv-by-content', `\uFEFF${csv}`],
    ['gzip-by-content', gzipSync(ndjson)],
  ])('is read in order: %s', async (name, contents) => {
    expect(ids(await read(name, contents))).toEqual(['a', 'b']);
  });

  it('keeps its good lines when others are broken, and counts lines as an editor does', async () => {
    expect(
      await read('broken.ndjson', '{"event_id":"a"}\n{"event_id\n[1]\n{"event_id":"b"}\n'),
    ).toMatchObject([
      { line: 1, event: { event_id: 'a' } },
      { line: 2, problem: 'is no JSON' },
      { line: 3, problem: 'is no JSON object' },
      { line: 4, event: { event_id: 'b' } },
    ]);
    expect(await read('broken.csv', 'event_id,ts\na\nb,2020-01-01\n"c\nd",2020-01-01,x\n')).toMatchObject([
      { line: 2, problem: 'has 1 columns, the header has 2' },
      { line: 3, event: { event_id: 'b' } },
      { line: 5, problem: 'has 3 columns, the header has 2' },
    ]);
  });

  it('that is cut off in the middle of gzip is an error, not an end', async () => {
    const whole = gzipSync(
      Buffer.from(Array.from({ length: 5_000 }, () => `{"event_id":"${Math.random()}"}\n`).join('')),
    );
    await expect(read('cut.ndjson.gz', whole.subarray(0, whole.length / 2))).rejects.toThrow(
      /unexpected end/,
    );
    await expect(read('cut.csv.gz', gzipSync(csv).subarray(0, 30))).rejects.toThrow(/unexpected end/);
  });
});
