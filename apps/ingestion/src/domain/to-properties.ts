import { EVENT_LIMITS } from '@shopstream/contracts';
import { accept, type Judged, refuse } from './refusal.ts';

/** Deeper JSON would overflow the stack of whoever writes it out. */
const MAX_DEPTH = 32;

/** Freeform metadata as text: strings as they are, everything else as JSON. */
export function toProperties(
  rest: Readonly<Record<string, unknown>>,
  contextName: string,
): Judged<Record<string, string>> {
  const properties: [string, string][] = [];
  for (const key of Object.keys(rest)) {
    const value = rest[key];
    if (value === null || value === undefined) continue;
    const field = `${contextName}.${key.slice(0, EVENT_LIMITS.propertyKeyLength)}`;
    if (key === '' || key.length > EVENT_LIMITS.propertyKeyLength) {
      const message = `names must have 1 to ${EVENT_LIMITS.propertyKeyLength} characters`;
      return refuse('invalid_properties', field, message);
    }
    if (isDeeperThan(value, MAX_DEPTH)) {
      return refuse('invalid_properties', field, `must be nested at most ${MAX_DEPTH} levels deep`);
    }
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    if (Buffer.byteLength(text) > EVENT_LIMITS.propertyBytes) {
      return refuse('invalid_properties', field, `must have at most ${EVENT_LIMITS.propertyBytes} bytes`);
    }
    properties.push([key, text]);
  }
  if (properties.length > EVENT_LIMITS.properties) {
    return refuse('invalid_properties', contextName, `must have at most ${EVENT_LIMITS.properties} entries`);
  }
  return accept(Object.fromEntries(properties));
}

function isDeeperThan(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((inner) => isDeeperThan(inner, depth - 1));
}
