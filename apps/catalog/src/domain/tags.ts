/** The tags given, without doubles, followed by `brand:*` and `category:*` in lower kebab case. */
export function toTags(item: { tags: string[]; brand: string | null; category: string | null }): string[] {
  const derived = [toTag('brand', item.brand), toTag('category', item.category)];
  return [...new Set([...item.tags, ...derived.filter((tag) => tag !== null)])];
}

function toTag(kind: string, value: string | null): string | null {
  const name = toKebab(value ?? '');
  return name === '' ? null : `${kind}:${name}`;
}

function toKebab(value: string): string {
  return value
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');
}
