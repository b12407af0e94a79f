/** How long an event id counts as the same event. */
const DAY_MS = 86_400_000;

/** Tells first records of an event from duplicates, as cleaning does: an id counts once in a tenant within 24 hours. */
export function createOnceADay(): (event: { namespace: string; event_id: string }, atMs: number) => boolean {
  const firstAt = new Map<string, number>();
  return ({ namespace, event_id: id }, atMs) => {
    const key = `${namespace}:${id}`;
    const first = firstAt.get(key);
    if (first !== undefined && Math.abs(atMs - first) < DAY_MS) return false;
    firstAt.set(key, atMs);
    return true;
  };
}
