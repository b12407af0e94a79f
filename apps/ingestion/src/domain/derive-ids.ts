// Ids that are derived are functions of what was sent, so that an event sent twice is one event.
import { createHash } from 'node:crypto';
import { v5 as uuidV5 } from 'uuid';

/** The namespace of our UUIDs of version 5. */
const ORDER_NAMESPACE = '6f2d7a0e-6a6c-5d0f-9c5b-7e1f0a3d9b42';

const sha256 = (parts: readonly (string | number | null)[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex');

/** For events without an id: the same user, item, type and time are the same event. */
export function deriveEventId(event: {
  namespace: string;
  user: string;
  item: string | null;
  type: string;
  timestamp: number;
}): string {
  return sha256([event.namespace, event.user, event.item, event.type, event.timestamp]);
}

/** For users without a session: always the same one for a user. */
export const deriveSessionId = (namespace: string, userId: string): string =>
  `user-${sha256([namespace, userId]).slice(0, 32)}`;

/** Id of a line of a bulk purchase, from 1, or of its order summary. */
export const deriveOrderEventId = (
  namespace: string,
  parentEventId: string,
  part: number | 'order',
): string => uuidV5(`${namespace}:${parentEventId}:${part}`, ORDER_NAMESPACE);
