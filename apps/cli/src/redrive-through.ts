import type { TopicName } from '@shopstream/contracts';
import type { Streams } from '@shopstream/streams';
import { readDeadLetters } from './adapters/dead-letter-log.ts';
import { createEventIntake } from './adapters/event-intake.ts';
import { type ReadyItem, redrive, type RedriveReport } from './redrive.ts';
import type { Terminal } from './terminal.ts';

/** One for all: of two commands at a time, the one that began later goes on. */
const ID = 'redrive';

/** Connects what sending again needs, for as long as it takes. */
export async function redriveThrough(
  streams: Streams,
  { items, gateway, terminal }: { items: readonly ReadyItem[]; gateway: string; terminal: Terminal },
): Promise<RedriveReport> {
  const targets = [...new Set(items.map(({ target }) => target))];
  const rowTopics = targets.filter((target): target is TopicName => target !== 'collector');
  const topics: TopicName[] = ['ecom.dead-letter.v1', ...rowTopics];
  const producer = streams.createProducer({ topics });
  const joint = streams.createJointProducer({ topics, id: ID });
  const intake = createEventIntake({
    gateway,
    signal: terminal.signal,
    onTrouble: (reason) => terminal.note(`${gateway} does not answer (${reason}); trying again`),
  });
  const needsJoint = rowTopics.some((topic) => topic !== 'ecom.clickstream.v1');
  try {
    await producer.start();
    if (needsJoint) await joint.start();
    // What another command sent before it was fenced is left out; what it has not sent it cannot send any more.
    const open = needsJoint ? await stillOpen(streams, items, terminal.signal) : items;
    return await redrive(open, {
      intake,
      producer,
      joint,
      signal: terminal.signal,
      nowMs: Date.now,
    });
  } finally {
    await Promise.all([producer.stop(), joint.stop(), intake.close()]);
  }
}

async function stillOpen(
  streams: Streams,
  items: readonly ReadyItem[],
  signal: AbortSignal,
): Promise<ReadyItem[]> {
  const index = await readDeadLetters(streams, {}, signal);
  return items.filter(({ letters: [letter] }) => index.stateOf(letter) === 'open');
}
