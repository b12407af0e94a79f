// State is JSON plus Sets, which distinct counts need, and bigints, which exact sums need. By hand and not by JSON's replacer and
// reviver: those are called for every value, which takes five times as long.

/** @example toStateJson({ users: new Set(['u1']), sum: 7n }) === '{"users":{"$set":["u1"]},"sum":{"$bigint":"7"}}' */
export const toStateJson = (state: unknown): string => JSON.stringify(toJson(state));

export const fromStateJson = (text: string): unknown => fromJson(JSON.parse(text));

function toJson(value: unknown): unknown {
  if (typeof value === 'bigint') return { $bigint: value.toString() };
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Set) return { $set: [...value] };
  if (Array.isArray(value)) return value.map(toJson);
  const json: Record<string, unknown> = {};
  for (const key in value) json[key] = toJson(value[key as keyof typeof value]);
  return json;
}

/** Changes what it is given. */
function fromJson(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(fromJson);
  if ('$set' in value && Array.isArray(value.$set)) return new Set(value.$set);
  if ('$bigint' in value && typeof value.$bigint === 'string') return BigInt(value.$bigint);
  const json = value as Record<string, unknown>;
  for (const key in json) json[key] = fromJson(json[key]);
  return json;
}
