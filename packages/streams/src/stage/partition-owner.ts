// What makes a partition's rows exactly-once: one transactional id for each partition, and the position kept in the state.
import { randomUUID } from 'node:crypto';
import type { StageChangelog, TopicName } from '@shopstream/contracts';
import type { KafkaMessage, Producer } from 'kafkajs';
import type { Codec } from '../codec.ts';
import type { Names } from '../kafka.ts';
import { type TopicMessage, toMessage, toSends } from '../messages.ts';
import type { ChangelogTopic, Output, StreamRecord } from '../types.ts';
import type { ChangelogReader } from './changelog-reader.ts';
import type { Effects, Processor } from './processor.ts';
import { type Read, type Tally, addToTally, emptyTally } from './tally.ts';

export const POSITION_KEY = 'position';
const BARRIER_KEY = 'barrier';
const WINDOW_PREFIX = 'window:';

/** The row of the changelog that says where a stage stands in one partition, and what it has made of it so far. */
export interface Position {
  stage: string;
  input: TopicName;
  next: string | null;
  checkpoint: string;
  isDone: boolean;
  tally: Tally;
}

/** Rows that were written before positions held a tally count from zero. */
export function parsePosition(state: string): Position {
  const position = JSON.parse(state) as Omit<Position, 'tally'> & Partial<Position>;
  return { ...position, tally: position.tally ?? emptyTally() };
}

const toPositionRow = (position: Position): StageChangelog => ({
  kind: 'position',
  revision: Number(position.next ?? 0),
  state: JSON.stringify(position),
});

const NOTHING_READ: Read = { records: 0, undecodable: 0 };

export interface PartitionOwner<In extends TopicName> {
  /** Offset of the first record that is not in the state; null before the first commit ever. */
  readonly next: bigint | null;
  /** When the last input came, or ownership began; epoch milliseconds. */
  readonly activeAtMs: number;
  readonly processor: Processor<In>;
  /** The input has ended here, for good. */
  readonly isDone: boolean;
  /** Processes records and commits rows, state and position in one transaction. Answers the rows. */
  process(
    records: readonly StreamRecord<In>[],
    batch: { lastOffset: bigint; extra: Effects['outputs'] },
  ): Promise<readonly Output[]>;
  /** Commits what time alone brings about, if anything. `idleMs` is null while there is input to be read. */
  tick(nowMs: number, idleMs: number | null): Promise<readonly Output[]>;
  /** Commits what the end of the input brings about; resolves when everything written here can be read. */
  finish(): Promise<readonly Output[]>;
}

export interface OwnerDeps<In extends TopicName> {
  stage: string;
  input: TopicName;
  partition: number;
  changelog: ChangelogTopic;
  codec: Codec;
  names: Names;
  reader: ChangelogReader;
  /** With the transactional id of this partition. */
  producer: Producer;
  processor: Processor<In>;
}

/**
 * Takes a partition over: fences the former owner, writes a barrier to the changelog and reads it up to that barrier, so that no
 * transaction of the former owner can be undecided. Fails as a whole; the caller then tries again with a new producer.
 */
export async function takeOwnership<In extends TopicName>(deps: OwnerDeps<In>): Promise<PartitionOwner<In>> {
  const { codec, input, names, processor, producer, stage } = deps;
  await producer.connect();
  const toChangelog = changelogWriter(deps);

  const barrier = toChangelog(BARRIER_KEY, { kind: 'barrier', revision: 0, state: randomUUID() });
  await commit(producer, [barrier]);
  const saved = await readBack(deps, barrier.message.value);
  processor.restore(saved.windows, saved.checkpoint);
  let next = saved.next;
  let { isDone } = saved;
  const { tally } = saved;
  let activeAtMs = Date.now();

  async function apply(effects: Effects, position: bigint | null, read: Read): Promise<readonly Output[]> {
    addToTally(tally, effects, read);
    const messages = effects.outputs.map((output) => toMessage(codec, names, output));
    for (const [key, entry] of effects.windows) {
      messages.push(toChangelog(WINDOW_PREFIX + key, entry === null ? null : { kind: 'window', ...entry }));
    }
    const checkpoint = processor.checkpoint();
    const saving = { stage, input, next: position?.toString() ?? null, checkpoint, isDone, tally };
    messages.push(toChangelog(POSITION_KEY, toPositionRow(saving)));
    await commit(producer, messages);
    next = position;
    return effects.outputs;
  }

  return {
    get next() {
      return next;
    },
    get activeAtMs() {
      return activeAtMs;
    },
    get isDone() {
      return isDone;
    },
    processor,
    async process(records, { lastOffset, extra }) {
      const nowMs = Date.now();
      activeAtMs = nowMs;
      const effects = await processor.process(records, nowMs);
      const read = { records: records.length, undecodable: extra.length };
      effects.outputs.push(...extra);
      return apply(effects, lastOffset + 1n, read);
    },
    async tick(nowMs, idleMs) {
      const effects = processor.tick(nowMs, idleMs);
      return effects === null ? [] : apply(effects, next, NOTHING_READ);
    },
    async finish() {
      isDone = true;
      const rows = await apply(processor.finish(), next, NOTHING_READ);
      // A transaction begins once the markers of the one before are written.
      await commit(producer, [barrier]);
      return rows;
    },
  };
}

async function commit(producer: Producer, messages: readonly TopicMessage[]): Promise<void> {
  const transaction = await producer.transaction();
  for (const topicMessages of toSends(messages)) await transaction.sendBatch({ acks: -1, topicMessages });
  await transaction.commit();
}

/** Entries of the changelog as messages; null deletes. */
function changelogWriter<In extends TopicName>({ partition, changelog, codec, names }: OwnerDeps<In>) {
  return (key: string, value: StageChangelog | null): TopicMessage =>
    value === null
      ? { topic: names.topic(changelog), message: { key, value: null, partition } }
      : toMessage(codec, names, { topic: changelog, value, key: { key, partition } });
}

interface SavedState {
  tally: Tally;
  windows: Map<string, string>;
  checkpoint: string | null;
  next: bigint | null;
  isDone: boolean;
}

async function readBack<In extends TopicName>(
  deps: OwnerDeps<In>,
  barrier: Buffer | null,
): Promise<SavedState> {
  const { changelog, codec, partition, reader } = deps;
  const newest = new Map<string, Buffer>();
  await reader.read(partition, ({ key, value }: KafkaMessage) => {
    const name = key?.toString() ?? '';
    if (value === null) newest.delete(name);
    else if (name !== BARRIER_KEY) newest.set(name, value);
    else if (barrier !== null && value.equals(barrier)) return true;
    return false;
  });
  await codec.learn(changelog, [...newest.values()]);
  const saved: SavedState = {
    windows: new Map(),
    checkpoint: null,
    next: null,
    isDone: false,
    tally: emptyTally(),
  };
  for (const [key, value] of newest) {
    const { state } = codec.decode(changelog, value);
    if (key.startsWith(WINDOW_PREFIX)) saved.windows.set(key.slice(WINDOW_PREFIX.length), state);
    else if (key === POSITION_KEY) {
      const position = parsePosition(state);
      saved.next = position.next === null ? null : BigInt(position.next);
      saved.checkpoint = position.checkpoint;
      saved.isDone = position.isDone;
      saved.tally = position.tally;
    }
  }
  return saved;
}
