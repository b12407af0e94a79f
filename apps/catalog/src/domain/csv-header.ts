/** Columns of a catalog file and what they are in an item. Real files have `name` for `product_name`. */
const fields = {
  product_id: 'item_id',
  product_name: 'title',
  name: 'title',
  category: 'category',
  subcategory: 'subcategory',
  brand: 'brand',
  price: 'price',
  currency: 'currency',
  description: 'description',
  attributes: 'attributes',
  available: 'available',
  url: 'url',
  image_url: 'image_url',
  tags: 'tags',
} as const;

export type CsvField = (typeof fields)[keyof typeof fields];

export interface CsvColumn {
  name: string;
  /** Null where the column means nothing here. */
  field: CsvField | null;
}

export interface CsvProblem {
  field: string;
  reason: string;
}

/** Far more than items have; a header of a megabyte must not keep the service busy. */
const MAX_COLUMNS = 200;

/** The file's columns in their order, or why the file cannot be read at all. */
export function toColumns(names: readonly string[]): CsvColumn[] | CsvProblem {
  if (names.length > MAX_COLUMNS) {
    return { field: 'header', reason: `has ${names.length} columns, at most ${MAX_COLUMNS} are read` };
  }
  const columns = names.map((written) => {
    const name = written.toLowerCase();
    return { name, field: isKnown(name) ? fields[name] : null };
  });
  for (const [index, { name, field }] of columns.entries()) {
    const before = columns.slice(0, index).find((other) => field !== null && other.field === field);
    if (before) return { field: name, reason: `the file has column ${before.name} for the same` };
  }
  if (columns.some((column) => column.field === 'item_id')) return columns;
  return { field: 'product_id', reason: 'required column is missing' };
}

function isKnown(name: string): name is keyof typeof fields {
  return Object.hasOwn(fields, name);
}
