import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { eventually } from '@shopstream/testkit';
import { ask } from '../launcher/probe.ts';
import { repositoryRoot, type Settings } from '../launcher/settings.ts';
import { readState } from '../launcher/state-file.ts';
import { freeSettings } from './support/free-settings.ts';
import { isAlive, startLauncher } from './support/launcher-process.ts';

const redis = async (settings: Settings, command: string) =>
  (await ask(settings.REDIS_PORT, `${command}\r\n`))?.toString();
const allGone = (pids: number[]) => eventually(async () => expect(pids.filter(isAlive)).toEqual([]));

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
  '%s stops every server and exits 0',
  async (signal) => {
    const settings = await freeSettings();
    const { child, exited, serverPids } = await startLauncher(settings);
    expect(serverPids).toHaveLength(2);
    child.kill(signal);
    expect(await exited).toBe(0);
    expect(serverPids.filter(isAlive)).toEqual([]);
    expect(readState(settings.DATA_DIR)).toBeUndefined();
  },
  60_000,
);

test('kill -9 of the launcher leaves no process, and the next start waits for their end and finds the data', async () => {
  const settings = await freeSettings();
  const first = await startLauncher(settings);
  expect(await redis(settings, 'SET visits 3')).toBe('+OK\r\n');
  first.child.kill('SIGKILL');
  await first.exited;
  const second = await startLauncher(settings);
  expect(first.serverPids.filter(isAlive)).toEqual([]);
  expect(await redis(settings, 'GET visits')).toContain('3');
  second.child.kill('SIGKILL');
  await allGone(second.serverPids);
});

test('a server that dies is reported with the end of its log, the others are stopped, the exit code is 1', async () => {
  const settings = await freeSettings();
  const { exited, output, serverPids } = await startLauncher(settings);
  const victim = readState(settings.DATA_DIR)?.servers.find(({ name }) => name === 'redis');
  process.kill(victim?.pid ?? 0, 'SIGKILL');
  expect(await exited).toBe(1);
  expect(output()).toMatch(
    /redis was ended by SIGKILL\. The end of .*redis\.log:\n(.*\n)*.*Ready to accept connections/,
  );
  expect(serverPids.filter(isAlive)).toEqual([]);
});

test('a second launcher on the same data is refused with the process id of the first', async () => {
  const settings = await freeSettings();
  const first = await startLauncher(settings);
  const second = await startLauncher(settings);
  expect(await second.exited).toBe(1);
  expect(second.output()).toContain(`process ${first.child.pid} started them`);
  first.child.kill('SIGTERM');
  await first.exited;
});

test('without setpriv a shell ends the servers of a killed launcher', async () => {
  const script = `
    import { spawn } from 'node:child_process';
    import { createShellGuard } from './infra/launcher/child-guard.ts';
    const guard = createShellGuard();
    const server = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
    guard.watch(server.pid);
    process.stdout.write(String(server.pid));
    setInterval(() => undefined, 60_000);
  `;
  const args = ['--import', 'tsx', '--input-type=module', '--eval', script];
  const launcher = spawn(process.execPath, args, {
    cwd: path.resolve(repositoryRoot),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [pid] = (await once(launcher.stdout, 'data')) as [Buffer];
  expect(isAlive(Number(pid))).toBe(true);
  launcher.kill('SIGKILL');
  await allGone([Number(pid)]);
});
