// Runs before anything is installed: plain JavaScript, no dependencies. Installs what is missing and builds what has changed.
import { spawnSync } from 'node:child_process';
import { rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const lockFile = join(root, 'package-lock.json');
// npm writes it at the end of every installation.
const installedFile = join(root, 'node_modules', '.package-lock.json');
const OLDEST_NODE = [20, 19];

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const isOld = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
  if (isOld) fail(`Node ${OLDEST_NODE.join('.')} or newer is needed, this is ${process.versions.node}.`);
}

/** What it prints is of interest only when it fails. */
function npm(args, what, onFailure = () => undefined) {
  const { status, error, stdout } = spawnSync('npm', args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (error !== undefined || status !== 0) onFailure();
  if (error !== undefined) fail(`${what}: npm does not run: ${error.message}`);
  if (status !== 0) fail(`${stdout}${what} failed with code ${status}, see above.`);
}

function isInstalled() {
  const installed = statSync(installedFile, { throwIfNoEntry: false });
  return installed !== undefined && installed.mtimeMs >= statSync(lockFile).mtimeMs;
}

function install() {
  if (isInstalled()) return;
  process.stdout.write('Installing packages; the first time this takes a minute or two.\n');
  npm(['ci', '--no-audit', '--no-fund'], 'Installing packages', () => rmSync(installedFile, { force: true }));
}

checkNode();
install();
npm(['run', '--silent', 'build', '--', '--output-logs=errors-only', '--ui=stream'], 'Building');
