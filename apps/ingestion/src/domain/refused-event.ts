import {
  type DeadLetter,
  type EventField,
  eventIdSchema,
  eventDialects,
  namespaceSchema,
} from '@shopstream/contracts';
import { type EventDefaults, isJsonObject } from './fold-event.ts';
import type { Refusal } from './refusal.ts';

/** Of an event that is refused, so much is kept. */
const MAX_KEPT_BYTES = 65_536;

/** The dead letter of an event that the collector refused, with its bytes as they were sent. */
export function toDeadLetter(
  refusal: Refusal,
  sent: { event: unknown; bytes: Buffer; receivedAt: number; defaults: EventDefaults },
): DeadLetter {
  const { bytes } = sent;
  const valueOf = (field: EventField) => find(sent.event, field) ?? findDefault(sent.defaults, field);
  const cut =
    bytes.length > MAX_KEPT_BYTES ? ` (the first ${MAX_KEPT_BYTES} of ${bytes.length} bytes are kept)` : '';
  return {
    stage: 'collector',
    reason: refusal.reason,
    field: refusal.field,
    message: `${refusal.message}${cut}`,
    namespace: namespaceSchema.safeParse(valueOf('namespace')).data ?? null,
    event_id: eventIdSchema.safeParse(valueOf('event_id')).data ?? null,
    source_topic: null,
    source_partition: null,
    source_offset: null,
    key: null,
    value: bytes.subarray(0, MAX_KEPT_BYTES),
    failed_at: sent.receivedAt,
  };
}

const spellings = Object.entries(eventDialects.event[1]?.top ?? {});

function find(event: unknown, field: EventField): unknown {
  if (!isJsonObject(event)) return undefined;
  const values = spellings.filter(([, meaning]) => meaning === field).map(([name]) => event[name]);
  return values.find((value) => value !== null && value !== undefined);
}

/** What the request said of its events: the bytes of one do not show its tenant. */
const findDefault = (defaults: EventDefaults, wanted: EventField): unknown =>
  defaults.find(({ field, value }) => field === wanted && value !== null && value !== undefined)?.value;
