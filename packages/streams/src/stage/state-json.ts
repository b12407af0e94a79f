// State is JSON plus Sets, which distinct counts need; a Set is written as {"$set":[…]}.

/** @example toStateJson({ users: new Set(['u1']) }) === '{"users":{"$set":["u1"]}}' */
export function toStateJson(state: unknown): string {
  return JSON.stringify(state, (_key, value: unknown) =>
    value instanceof Set ? { $set: [...value] } : value,
  );
}

export function fromStateJson(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown) => (isSetJson(value) ? new Set(value.$set) : value));
}

function isSetJson(value: unknown): value is { $set: unknown[] } {
  return typeof value === 'object' && value !== null && '$set' in value && Array.isArray(value.$set);
}
