// Run in an app's folder: bundles src/main.ts and src/migrate.ts, or the entries it is given, with our own packages inlined into dist/. Packages of
// npm stay outside, they come from node_modules; an image then needs the bundle and the app's production dependencies.
import { existsSync } from 'node:fs';
import { build } from 'esbuild';

const appDir = process.cwd();
const named = process.argv.slice(2);
const entryPoints =
  named.length > 0 ? named : ['src/main.ts', 'src/migrate.ts'].filter((file) => existsSync(file));

/** Fails where a bundled import would find another copy of the package than its source does. */
const npmPackagesStayOutside = {
  name: 'npm-packages-stay-outside',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^[^./]/ }, async ({ path, kind, resolveDir, pluginData }) => {
      if (pluginData === 'asked' || kind === 'entry-point') return undefined;
      if (path.startsWith('@shopstream/') || path.startsWith('node:')) return undefined;
      const ask = (from) => resolve(path, { kind, resolveDir: from, pluginData: 'asked' });
      const [fromSource, fromApp] = await Promise.all([ask(resolveDir), ask(appDir)]);
      if (fromSource.errors.length > 0) return { errors: fromSource.errors };
      if (fromSource.path === fromApp.path) return { path, external: true };
      const text = `${path} is ${fromSource.path} in ${resolveDir}, but the bundle would load ${fromApp.path}: pin one version`;
      return { errors: [{ text }] };
    });
  },
};

await build({
  entryPoints,
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  sourcemap: true,
  logLevel: 'warning',
  plugins: [npmPackagesStayOutside],
});
