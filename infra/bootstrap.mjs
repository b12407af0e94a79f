// Runs before anything is installed: plain JavaScript, no dependencies. Installs what is missing and builds what has changed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const lockFile = join(root, 'package-lock.json');
const stampFile = join(root, 'node_modules', '.installed');
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
function npm(args, what) {
  const { status, error, stdout } = spawnSync('npm', args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (error !== undefined) fail(`${what}: npm does not run: ${error.message}`);
  if (status !== 0) fail(`${stdout}${what} failed with code ${status}, see above.`);
}

function install() {
  const stamp = createHash('sha256').update(readFileSync(lockFile)).digest('hex');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  process.stdout.write('Installing packages; the first time this takes a minute or two.\n');
  npm(['ci', '--no-audit', '--no-fund'], 'Installing packages');
  writeFileSync(stampFile, stamp);
}

checkNode();
install();
npm(['run', '--silent', 'build', '--', '--output-logs=errors-only', '--ui=stream'], 'Building');
