// Times of events in files: read in the spellings files use, moved by a whole number of milliseconds.
type Row = Readonly<Record<string, unknown>>;

/** Fields that may hold the time of an event, in the order of their precedence. */
export const TIME_FIELDS = ['timestamp', 'ts', 'event_time', 'eventTime', 'InvoiceDate'] as const;

const ZONE = /(?:[zZ]|[+-]\d\d:?\d\d)$/;
const LOCAL = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)( UTC)?$/;

/** ISO 8601 of a time written as people and databases do; what is no time stays as it is, for the collector to judge. */
export function toIsoText(text: string): string {
  const [, date, time] = LOCAL.exec(text) ?? [];
  if (date === undefined || time === undefined) return text;
  return `${date}T${time.length === 5 ? `${time}:00` : time}Z`;
}

/** Time of an event in epoch milliseconds; undefined when it has none that can be read. */
export function timeOf(event: Row): number | undefined {
  const value = TIME_FIELDS.map((name) => event[name]).find((field) => field !== undefined && field !== null);
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  const iso = toIsoText(value);
  const time = Date.parse(ZONE.test(iso) || iso.length === 10 ? iso : `${iso}Z`);
  return Number.isNaN(time) ? undefined : time;
}

/** The same event `byMs` later; one without a readable time stays as it is. */
export function shiftTime<T extends Row>(event: T, byMs: number): T {
  const name = TIME_FIELDS.find((field) => event[field] !== undefined && event[field] !== null);
  const time = timeOf(event);
  if (name === undefined || time === undefined) return event;
  return { ...event, [name]: new Date(time + byMs).toISOString() };
}
