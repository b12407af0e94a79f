import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Environment } from '@shopstream/platform';
import { LauncherError } from '../launcher/errors.ts';
import { repositoryRoot } from '../launcher/settings.ts';

/** The apps that own tables. Each brings its own migrations and the command that applies them. */
const tableOwners = ['catalog', 'interactions'] as const;

/** Runs `npm run migrate` of each app that owns tables, one after the other. */
export async function migrate(env: Environment): Promise<void> {
  for (const app of tableOwners) {
    const args = ['run', '--silent', 'migrate', '--workspace', `@shopstream/${app}`];
    const child = spawn('npm', args, { cwd: repositoryRoot, env, stdio: 'inherit' });
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) throw new LauncherError('migration_failed', `the migrations of ${app} failed, see above`);
  }
}
