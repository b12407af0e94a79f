import { Command } from 'commander';
import type { Context } from '../context.ts';
import { dlqListCommand } from './dlq-list.ts';
import { dlqRedriveCommand } from './dlq-redrive.ts';
import { dlqShowCommand } from './dlq-show.ts';

export function dlqCommand(context: Context): Command {
  return new Command('dlq')
    .description('Look at dead letters, mend them, send them again')
    .addCommand(dlqListCommand(context))
    .addCommand(dlqShowCommand(context))
    .addCommand(dlqRedriveCommand(context));
}
