interface Keyed {
  partition: number;
  offset: bigint;
  key: Buffer | null;
  value: { revision: number; is_final: boolean };
}

/** The last row of each key, without its revision: what a compacted topic comes to. A row after a final one is an error. */
export function lastRows(records: readonly Keyed[]): Map<string, Record<string, unknown>> {
  const last = new Map<string, Keyed>();
  const inOrder = [...records].sort((a, b) => a.partition - b.partition || Number(a.offset - b.offset));
  for (const record of inOrder) {
    const key = record.key?.toString() ?? '';
    if (last.get(key)?.value.is_final === true) throw new Error(`a row came after the final one of ${key}`);
    last.set(key, record);
  }
  return new Map(
    [...last].map(([key, { value }]) => {
      const { revision: _revision, ...columns } = value;
      return [key, columns];
    }),
  );
}
