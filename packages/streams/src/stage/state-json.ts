// State is JSON plus Sets, which distinct counts need, and bigints, which exact sums need.

/** @example toStateJson({ users: new Set(['u1']), sum: 7n }) === '{"users":{"$set":["u1"]},"sum":{"$bigint":"7"}}' */
export function toStateJson(state: unknown): string {
  return JSON.stringify(state, (_key, value: unknown) => {
    if (value instanceof Set) return { $set: [...value] };
    return typeof value === 'bigint' ? { $bigint: value.toString() } : value;
  });
}

export function fromStateJson(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null) return value;
    if ('$set' in value && Array.isArray(value.$set)) return new Set(value.$set);
    return '$bigint' in value && typeof value.$bigint === 'string' ? BigInt(value.$bigint) : value;
  });
}
