// How columns of a CSV file become fields of an event. The table is in the README.
import { createHash } from 'node:crypto';
import { toIsoText } from './event-time.ts';

export type EventRequest = Record<string, unknown>;
type CsvRow = Readonly<Record<string, string>>;

export interface CsvMapping {
  /** Column → field, before the usual spellings. */
  columns: Readonly<Record<string, string>>;
  /** Event type of rows that have none. */
  eventType?: string | undefined;
}

/** Usual spellings of columns; names of the event's own fields stand for themselves. */
const COLUMN_FIELDS: Readonly<Record<string, string>> = {
  eventId: 'event_id',
  ts: 'timestamp',
  event_time: 'timestamp',
  eventTime: 'timestamp',
  eventType: 'event_type',
  userId: 'user_id',
  anon_id: 'anonymous_id',
  anonId: 'anonymous_id',
  anonymousId: 'anonymous_id',
  sessionId: 'session_id',
  item_id: 'product_id',
  productId: 'product_id',
  price: 'unit_price',
  unitPrice: 'unit_price',
  country_code: 'country',
  query: 'search_query',
  device: 'device_type',
  orderId: 'order_id',
  InvoiceNo: 'session_id',
  StockCode: 'product_id',
  Quantity: 'quantity',
  InvoiceDate: 'timestamp',
  UnitPrice: 'unit_price',
  CustomerID: 'user_id',
  Country: 'country',
};

const FIELDS: ReadonlySet<string> = new Set([
  ...Object.values(COLUMN_FIELDS),
  ...['page_url', 'referrer_url', 'browser', 'currency', 'value', 'cart_id', 'dwell_ms', 'consent'],
  ...['surface', 'widget', 'recommended', 'request_id', 'rank', 'referrer', 'experiment', 'ab_bucket'],
  ...['order_total', 'parent_event_id', 'line_number', 'namespace', 'date', 'seq'],
]);

const NUMBERS: ReadonlySet<string> = new Set(['quantity', 'value', 'dwell_ms', 'rank', 'line_number']);

/**
 * The request for one row. Empty cells are left out, columns that are no field go into `metadata`. Whatever is wrong with a
 * value is sent as it is: judging is the collector's.
 * @param lineNumber counts rows; part of the id of a row that brings none, so that the same file gives the same ids
 */
export function toEventRequest(row: CsvRow, lineNumber: number, mapping: CsvMapping): EventRequest {
  const event: EventRequest = {};
  const metadata: Record<string, string> = {};
  for (const [column, cell] of Object.entries(row)) {
    if (cell === '') continue;
    const field = mapping.columns[column] ?? COLUMN_FIELDS[column] ?? column;
    if (FIELDS.has(field)) event[field] ??= toFieldValue(field, cell);
    else metadata[column] = cell;
  }
  setTime(event);
  event['event_type'] ??= mapping.eventType;
  event['event_id'] ??= idOf(row, lineNumber);
  if (Object.keys(metadata).length > 0) event['metadata'] = metadata;
  return event;
}

function toFieldValue(field: string, cell: string): unknown {
  if (field === 'timestamp') return toIsoText(cell);
  if (field === 'user_id') return cell.replace(/^(\d+)\.0$/, '$1');
  if (NUMBERS.has(field) && /^-?\d+(\.\d+)?$/.test(cell)) return Number(cell);
  return cell;
}

/** A file with days only gives the order inside a session instead of the time: each position counts as a second. */
function setTime(event: EventRequest): void {
  const { date, seq } = event;
  delete event['date'];
  delete event['seq'];
  if (event['timestamp'] !== undefined || typeof date !== 'string') return;
  const time = Date.parse(`${date}T00:00:00Z`) + Number(seq ?? 0) * 1_000;
  event['timestamp'] = Number.isNaN(time) ? date : new Date(time).toISOString();
}

function idOf(row: CsvRow, lineNumber: number): string {
  return createHash('sha256')
    .update(JSON.stringify([lineNumber, row]))
    .digest('hex')
    .slice(0, 32);
}
