import type { EventDialect, EventField } from '@shopstream/contracts';
import type { Request } from 'express';
import type { EventDefaults } from '../domain/fold-event.ts';
import type { EventRequest } from '../domain/judge-event.ts';
import type { Agent } from '../user-agent.ts';

export interface RequestReader {
  /** What the headers say of the events inside, after what is more specific than they. */
  read(req: Request, options: { dialect: EventDialect | null; defaults?: EventDefaults }): EventRequest;
}

const HEADERS: readonly { header: string; spelling: string; field: EventField }[] = [
  { header: 'x-session-id', spelling: 'X-Session-Id', field: 'session_id' },
  { header: 'x-namespace', spelling: 'X-Namespace', field: 'namespace' },
  { header: 'x-device-type', spelling: 'X-Device-Type', field: 'device_type' },
];

export function createRequestReader(deps: {
  now: () => number;
  readAgent: (userAgent: string | undefined) => Agent;
}): RequestReader {
  return {
    read: (req, { dialect, defaults = [] }) => ({
      receivedAt: deps.now(),
      agent: deps.readAgent(req.headers['user-agent']),
      dialect,
      defaults: [
        ...defaults,
        ...HEADERS.map(({ header, spelling, field }) => ({ field, spelling, value: req.headers[header] })),
      ],
    }),
  };
}

/** The id of the one event of a request. */
export const eventIdHeader = (req: Request): EventDefaults => [
  { field: 'event_id', spelling: 'X-Event-ID', value: req.headers['x-event-id'] },
];
