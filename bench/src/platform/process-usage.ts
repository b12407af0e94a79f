// Linux only: what a process and the processes that it started have used, from /proc.
import { readFileSync, readdirSync } from 'node:fs';

/** Clock ticks of /proc are hundredths of a second on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
/** Fields after the program's name, which is in brackets and may hold blanks. */
const PARENT = 1;
const USER_TICKS = 11;
const SYSTEM_TICKS = 12;

/** Seconds of CPU time, of all threads, of this process alone. */
export function cpuSeconds(pid: number): number {
  const fields = statOf(pid);
  return (Number(fields[USER_TICKS]) + Number(fields[SYSTEM_TICKS])) / TICKS_PER_SECOND;
}

/** The process and all that descend from it. */
export function familyOf(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const parent = parentOf(Number(entry));
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
  }
  const family = [pid];
  for (const member of family) family.push(...(children.get(member) ?? []));
  return family;
}

/** Megabytes in memory: all that are mapped, and with pages shared by several processes divided among them. */
export function memoryMb(pids: readonly number[]): { resident: number; proportional: number } {
  const rollups = pids.map((pid) => readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
  const sum = (name: string) =>
    rollups.reduce(
      (total, text) => total + Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0),
      0,
    );
  return { resident: sum('Rss') / 1_024, proportional: sum('Pss') / 1_024 };
}

function parentOf(pid: number): number | undefined {
  try {
    return Number(statOf(pid)[PARENT]);
  } catch {
    // Ended since it was listed.
    return undefined;
  }
}

function statOf(pid: number): string[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}
