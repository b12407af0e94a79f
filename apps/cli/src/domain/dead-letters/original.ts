import { isUtf8 } from 'node:buffer';
import type { DeadLetter, TopicName } from '@shopstream/contracts';

/** The bytes of a dead letter as far as they can be read. */
export type Original =
  | { kind: 'row'; row: unknown }
  | { kind: 'text'; text: string }
  | { kind: 'hex'; hex: string; problem: string | null }
  | { kind: 'none' };

/** @param decode the row in a topic's bytes as JSON; throws when they cannot be decoded */
export async function readOriginal(
  { source_topic: topic, value }: DeadLetter,
  decode: (topic: TopicName, bytes: Buffer) => Promise<unknown>,
): Promise<Original> {
  if (value === null) return { kind: 'none' };
  if (topic === null) return toTextOrHex(value, null);
  try {
    return { kind: 'row', row: await decode(topic as TopicName, value) };
  } catch (error) {
    return toTextOrHex(value, error instanceof Error ? error.message : String(error));
  }
}

function toTextOrHex(bytes: Buffer, problem: string | null): Original {
  const text = bytes.toString('utf8');
  // eslint-disable-next-line no-control-regex -- control characters are what tells binary from text
  const isText = isUtf8(bytes) && !/[\u0000-\u0008\u000e-\u001f]/.test(text);
  return isText ? { kind: 'text', text } : { kind: 'hex', hex: bytes.toString('hex'), problem };
}
