import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { install, javaProgram } from '@shopstream/infra';
import { z } from 'zod';

const source = fileURLToPath(new URL('ConsumeAll.java', import.meta.url));
const answerSchema = z.object({ rows: z.number(), wallSeconds: z.number(), cpuSeconds: z.number() });

export type Consumed = z.output<typeof answerSchema>;

/** Reads a topic from its beginning to its end with Kafka's own client, and does nothing with what it reads. */
export async function consumeAll(
  { brokers, topic, serversDir }: { brokers: string; topic: string; serversDir: string },
  signal: AbortSignal,
): Promise<Consumed> {
  const silent = { info: () => undefined, error: () => undefined };
  const home = await install('kafka', serversDir, { logger: silent, signal });
  const jars = readFileSync(path.join(home, 'classpath'), 'utf8').trim();
  const args = ['-Xmx256m', '-XX:+UseSerialGC', '-cp', jars, source, brokers, topic];
  const { stdout } = await promisify(execFile)(javaProgram(process.env), args, { signal });
  return answerSchema.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
}
