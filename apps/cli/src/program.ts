import { getSystemErrorMap } from 'node:util';
import { Command, CommanderError } from 'commander';
import { ConfigError, messageOf, ServiceError } from '@shopstream/platform';
import { backfillCommand } from './commands/backfill.ts';
import { balanceCommand } from './commands/balance.ts';
import { catalogCommand } from './commands/catalog-import.ts';
import { dlqCommand } from './commands/dlq.ts';
import { doctorCommand } from './commands/doctor.ts';
import { lagCommand } from './commands/lag.ts';
import { qualityCommand } from './commands/quality.ts';
import { replayCommand } from './commands/replay.ts';
import { settleCommand } from './commands/settle.ts';
import { shadowCommand } from './commands/shadow.ts';
import { simulateCommand } from './commands/simulate.ts';
import { statusCommand } from './commands/status.ts';
import { topicCommand } from './commands/topic-cat.ts';
import { topicsCommand } from './commands/topics.ts';
import { traceCommand } from './commands/trace.ts';
import { type Context, UsageError } from './context.ts';
import { loadOwnConfig } from './config.ts';
import type { Terminal } from './terminal.ts';

const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/** Runs one command line and answers the exit code. */
export async function runProgram(args: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode: number = EXIT.ok;
  const context: Context = {
    terminal,
    config: loadOwnConfig,
    finish: (succeeded) => {
      exitCode = succeeded ? EXIT.ok : EXIT.failed;
    },
  };
  try {
    await createProgram(context).parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    for (const line of linesOf(error)) terminal.note(`shopstream: ${line}`);
    return error instanceof UsageError ? EXIT.usage : EXIT.failed;
  }
}

function createProgram(context: Context): Command {
  const program = new Command('shopstream')
    .description(
      'Operate the platform: look into topics, send events, import products, find out what is wrong.',
    )
    .helpCommand(false)
    .addHelpText(
      'after',
      '\nSettings come from the environment, then from the .env of the checkout.\nExit codes: 0 done, 1 failed, 2 wrong usage.',
    );
  const commands = [
    topicsCommand,
    topicCommand,
    lagCommand,
    dlqCommand,
    balanceCommand,
    traceCommand,
    qualityCommand,
    replayCommand,
    catalogCommand,
    doctorCommand,
    statusCommand,
    simulateCommand,
    settleCommand,
    backfillCommand,
    shadowCommand,
  ];
  for (const create of commands) program.addCommand(create(context));
  forEachCommand(program, (command) =>
    command.exitOverride().showHelpAfterError('(--help shows what is possible)'),
  );
  return program;
}

function forEachCommand(command: Command, apply: (command: Command) => void): void {
  apply(command);
  for (const child of command.commands) forEachCommand(child, apply);
}

/** What to tell of an error: messages for what can happen, the whole stack for what must not. */
function linesOf(error: unknown): readonly string[] {
  if (error instanceof ConfigError) return error.problems;
  if (error instanceof ServiceError) {
    const cause = error.cause === undefined ? [] : [`because: ${messageOf(error.cause) || 'no answer'}`];
    return [error.message, ...cause];
  }
  if (error instanceof UsageError) return [error.message];
  if (isSystemError(error)) return [systemMessage(error)];
  if (isOfMissingTopic(error)) return ['a topic does not exist; `shopstream doctor` says which'];
  return [error instanceof Error ? (error.stack ?? error.message) : String(error)];
}

const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'syscall' in error;

/** As the client of Kafka names it. */
const isOfMissingTopic = (error: unknown): boolean =>
  error instanceof Error &&
  (('type' in error && error.type === 'UNKNOWN_TOPIC_OR_PARTITION') || isOfMissingTopic(error.cause));

function systemMessage({ path, errno, message }: NodeJS.ErrnoException): string {
  const [, reason] = getSystemErrorMap().get(errno ?? 0) ?? [];
  return path === undefined || reason === undefined ? message : `${path}: ${reason}`;
}
