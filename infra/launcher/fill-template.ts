import { readFileSync, writeFileSync } from 'node:fs';
import type { ServerContext } from './server.ts';

/** Writes a configuration file from one that names settings as `${NAME}`; `SERVER_DATA_DIR` is the server's own folder. */
export function fillTemplate(template: URL, file: string, { settings, dataDir }: ServerContext): void {
  const values: Record<string, string | number> = { ...settings, SERVER_DATA_DIR: dataDir };
  const text = readFileSync(template, 'utf8').replaceAll(/\$\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${template.pathname} names ${name}, which is no setting`);
    return String(value);
  });
  writeFileSync(file, text);
}
