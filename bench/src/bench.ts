import type { BenchName } from './bench-names.ts';
import type { Context } from './context.ts';
import type { Table } from './report/table.ts';

export interface Bench {
  name: BenchName;
  about: string;
  run(context: Context): Promise<Table[]>;
}
