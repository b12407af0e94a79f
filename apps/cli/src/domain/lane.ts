import { crc32 } from 'node:zlib';
import type { EventRequest } from './csv-event.ts';

const OWNERS = ['session_id', 'sessionId', 'anonymous_id', 'anonId', 'user_id', 'userId'] as const;

/** Which of `lanes` an event takes: all events of a session take the same one, so that their order is kept. */
export function laneOf(event: EventRequest, lanes: number): number {
  if (lanes === 1) return 0;
  const owner =
    sessionInside(event) ?? OWNERS.map((name) => event[name]).find((value) => value !== undefined);
  return crc32(JSON.stringify(owner ?? '')) % lanes;
}

function sessionInside(event: EventRequest): unknown {
  if (event['session_id'] !== undefined || event['sessionId'] !== undefined) return undefined;
  for (const name of ['metadata', 'meta', 'context']) {
    const inner = event[name];
    if (typeof inner === 'object' && inner !== null && 'session_id' in inner) return inner.session_id;
  }
  return undefined;
}
