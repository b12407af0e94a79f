import type { ItemImportAnswer } from '@shopstream/contracts';
import { Command } from 'commander';
import { importCatalog } from '../adapters/catalog-intake.ts';
import { type Context, integer, webAddress } from '../context.ts';
import { parseNamespace } from '../namespace-option.ts';
import { toTable } from '../table.ts';

interface ImportOptions {
  catalog?: string;
  namespace?: string;
  errors: number;
  json?: boolean;
}

export function catalogCommand(context: Context): Command {
  return new Command('catalog').description('Work on the catalog').addCommand(importCommand(context));
}

function importCommand({ terminal, config, finish }: Context): Command {
  return new Command('import')
    .description('Send a CSV file of products to the catalog service')
    .argument('<file>', 'CSV, gzipped or not; its first line names the columns')
    .option('--namespace <name>', 'tenant of the products', parseNamespace)
    .option(
      '--catalog <url>',
      'base URL of the catalog (default: CATALOG_URL, http://127.0.0.1:8082)',
      webAddress,
    )
    .option('--errors <rows>', 'show at most so many errors', integer({ min: 0 }), 20)
    .option('--json', 'answer of the service as JSON')
    .addHelpText(
      'after',
      `
Columns: product_id, product_name, category, subcategory, brand, price, currency, description, attributes (JSON) and more; the README of
the catalog has them all. Rows that are refused do not hold up the others; then the exit code is 1. Importing a file again changes
nothing.

Examples:
  shopstream catalog import product_catalog.csv
  shopstream catalog import catalog.csv.gz --namespace outlet`,
    )
    .action(async (file: string, options: ImportOptions) => {
      const url = options.catalog ?? config().CATALOG_URL;
      const answer = await importCatalog(file, { url, namespace: options.namespace });
      await terminal.print(options.json ? JSON.stringify(answer) : toText(answer, options.errors));
      finish(answer.refused === 0);
    });
}

function toText(answer: ItemImportAnswer, shown: number): string {
  const { read, created, updated, unchanged, refused, errors, ignored_columns: ignored } = answer;
  const lines = [
    `${read} rows: ${created} created, ${updated} updated, ${unchanged} unchanged, ${refused} refused`,
  ];
  if (ignored.length > 0) lines.push(`Columns without a meaning here: ${ignored.join(', ')}`);
  if (errors.length > 0 && shown > 0) {
    const table = toTable(errors.slice(0, shown), [
      { title: 'row', value: ({ row }) => row, align: 'right' },
      { title: 'column', value: ({ field }) => field },
      { title: 'reason', value: ({ reason }) => reason },
    ]);
    lines.push(table);
  }
  if (errors.length > shown) lines.push(`… and ${errors.length - shown} more errors (--errors shows more)`);
  return lines.join('\n');
}
