import { existsSync, mkdirSync, openSync, readFileSync, renameSync } from 'node:fs';
import path from 'node:path';

const tailLines = 25;

/** The log of the run before is kept beside. */
export function openLog(logFile: string): number {
  mkdirSync(path.dirname(logFile), { recursive: true });
  if (existsSync(logFile)) renameSync(logFile, `${logFile}.1`);
  return openSync(logFile, 'a');
}

/** The last lines of a log, indented. */
export function tailOf(logFile: string): string {
  const lines = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-tailLines);
  return lines.map((line) => `  | ${line}`).join('\n');
}
