import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { ServiceError } from '@shopstream/platform';

/** Lets a person change a text in an editor. @throws ServiceError when the editor fails */
export async function editByHand(content: string, editor: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'shopstream-'));
  const file = path.join(folder, 'dead-letters.ndjson');
  try {
    await writeFile(file, content, { mode: 0o600 });
    const child = spawn(`${editor} '${file}'`, { shell: true, stdio: 'inherit' });
    await ended(editor, once(child, 'close'));
    return await readFile(file, 'utf8');
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Gives a text to a command's standard input and answers what it prints. @throws ServiceError when the command fails */
export async function editByCommand(content: string, command: string): Promise<string> {
  const child = spawn(command, { shell: true, stdio: ['pipe', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  // A command may end without reading all of it; its exit code tells whether that was meant.
  child.stdin.on('error', () => undefined);
  child.stdin.end(content);
  const printed = await text(child.stdout);
  await ended(command, closed);
  return printed;
}

async function ended(command: string, closed: Promise<unknown[]>): Promise<void> {
  const [code] = (await closed) as [number | null];
  if (code === 0) return;
  const message = `\`${command}\` ended with ${code ?? 'a signal'}: nothing was sent`;
  throw new ServiceError('EDIT_FAILED', message, { retriable: false });
}
