import { InvalidArgumentError } from 'commander';
import type { CliConfig } from './config.ts';
import type { Terminal } from './terminal.ts';

/** What every command gets. */
export interface Context {
  terminal: Terminal;
  /** Read when a command runs, so that help needs no settings. */
  config: () => CliConfig;
  /** Says how the command ended; without it, it succeeded. */
  finish: (succeeded: boolean) => void;
}

/** What was asked for cannot be done as asked. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A whole number as an option's value. */
export function integer(bounds: { min: number; max?: number }): (text: string) => number {
  const { min, max = Number.MAX_SAFE_INTEGER } = bounds;
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(
      max === Number.MAX_SAFE_INTEGER
        ? `It must be a whole number from ${min}.`
        : `It must be a whole number from ${min} to ${max}.`,
    );
  };
}

/** A web address as an option's value. */
export function webAddress(text: string): string {
  if (URL.canParse(text) && /^https?:/.test(text)) return text.replace(/\/+$/, '');
  throw new InvalidArgumentError('It must be an http or https URL.');
}
