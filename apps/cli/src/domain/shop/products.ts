/** What the simulation needs to know of a product. */
export interface ShopProduct {
  id: string;
  name: string;
  category: string;
  subcategory: string;
  brand: string;
  price: number;
  currency: string;
}

export interface Shop {
  products: readonly ShopProduct[];
  categories: readonly string[];
  inCategory(category: string): readonly ShopProduct[];
}

export function createShop(products: readonly ShopProduct[]): Shop {
  const byCategory = groupByCategory(products);
  return {
    products,
    categories: [...byCategory.keys()],
    inCategory: (category) => byCategory.get(category) ?? [],
  };
}

/** A product of a row of the catalogue's CSV columns; undefined for a row without id, name or price. */
export function toShopProduct(row: Readonly<Record<string, string>>): ShopProduct | undefined {
  const {
    product_id: id,
    product_name: name = row['name'],
    category = '',
    subcategory = '',
    brand = '',
  } = row;
  const price = Number(row['price']);
  if (!id || !name || !(price >= 0)) return undefined;
  return { id, name, category, subcategory, brand, price, currency: row['currency'] || 'EUR' };
}

function groupByCategory(products: readonly ShopProduct[]): Map<string, ShopProduct[]> {
  const groups = new Map<string, ShopProduct[]>();
  for (const product of products) {
    const group = groups.get(product.category);
    if (group) group.push(product);
    else groups.set(product.category, [product]);
  }
  return groups;
}
