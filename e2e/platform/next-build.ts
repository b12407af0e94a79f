import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Builds a service as tomorrow's version of the checkout: its sources with some texts replaced.
 * @param changes by file, relative to the checkout: what is replaced by what; a text that is not there is an error
 * @param options.version in the name of the file
 * @returns the built file
 */
export async function buildNext(
  app: string,
  changes: Record<string, (source: string) => string>,
  { version = 'next' }: { version?: string } = {},
): Promise<string> {
  // Beside the app's own build: it finds the packages of its own node_modules there.
  const outfile = path.join(root, 'apps', app, 'dist', `${version}.js`);
  const changed = new Set<string>();
  await build({
    entryPoints: [path.join(root, 'apps', app, 'src', 'main.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'error',
    plugins: [
      {
        name: 'next-version',
        setup({ onLoad, onResolve }) {
          onResolve({ filter: /^[^./]/ }, ({ path: name, kind }) =>
            kind === 'entry-point' || name.startsWith('@shopstream/') ? null : { path: name, external: true },
          );
          onLoad({ filter: /\.ts$/ }, async ({ path: file }) => {
            const source = await readFile(file, 'utf8');
            const change = changes[path.relative(root, file)];
            if (change === undefined) return { contents: source, loader: 'ts' };
            const contents = change(source);
            if (contents !== source) changed.add(path.relative(root, file));
            return { contents, loader: 'ts' };
          });
        },
      },
    ],
  });
  const missed = Object.keys(changes).filter((file) => !changed.has(file));
  if (missed.length > 0) throw new Error(`nothing to change in ${missed.join(', ')}`);
  return outfile;
}
