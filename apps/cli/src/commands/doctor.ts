import { Command } from 'commander';
import type { CliConfig } from '../config.ts';
import type { Context } from '../context.ts';
import type { Finding } from '../doctor/finding.ts';
import { checkMachine } from '../doctor/machine.ts';
import { checkSchemas } from '../doctor/schemas.ts';
import { checkServers } from '../doctor/servers.ts';
import { checkServices } from '../doctor/services.ts';
import { checkTopics } from '../doctor/topics.ts';
import { serviceUrls } from '../service-urls.ts';

export function doctorCommand({ terminal, config, finish }: Context): Command {
  return new Command('doctor')
    .description('Check the machine, servers, topics, schemas and services, and say what to do')
    .option('--json', 'one JSON object a line')
    .addHelpText(
      'after',
      `
Each server is asked in its own protocol: an open port is not enough. Exit code 1 when there is a problem.

Examples:
  shopstream doctor
  shopstream doctor --json | jq 'select(.ok | not)'`,
    )
    .action(async ({ json = false }: { json?: boolean }) => {
      const findings: Finding[] = [];
      for await (const group of examine(config())) {
        findings.push(...group);
        if (json) for (const finding of group) await terminal.print(JSON.stringify(finding));
        else await terminal.print(toText(group));
      }
      const problems = findings.filter(({ ok }) => !ok).length;
      if (!json) await terminal.print(problems === 0 ? '\nEverything is fine.' : `\n${countOf(problems)}.`);
      finish(problems === 0);
    });
}

/** In the order in which problems have to be mended: what cannot be known yet is left out. */
async function* examine(config: CliConfig): AsyncGenerator<Finding[]> {
  yield await checkMachine();
  const servers = await checkServers(config);
  yield servers;
  const answers = (name: string) => servers.some((server) => server.name === name && server.ok);
  if (answers('Kafka')) yield await checkTopics(config);
  if (answers('schema registry')) yield await checkSchemas(config.SCHEMA_REGISTRY_URL);
  yield await checkServices(serviceUrls(config));
}

/** One line a finding; advice that several in a row share is given once. */
function toText(group: readonly Finding[]): string {
  return group
    .flatMap(({ area, name, ok, detail, advice }, index) => {
      const line = `${ok ? 'ok     ' : 'PROBLEM'}  ${area.padEnd(8)}  ${name}: ${detail}`;
      return advice === undefined || advice === group[index + 1]?.advice
        ? [line]
        : [line, `         -> ${advice}`];
    })
    .join('\n');
}

const countOf = (problems: number): string => `${problems} problem${problems === 1 ? '' : 's'}`;
