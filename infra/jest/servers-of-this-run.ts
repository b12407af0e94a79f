import type { RunningServers } from '../launcher/start-servers.ts';

// Jest loads setup and teardown apart; what they share lives on the global object.
const holder = globalThis as { shopstreamServers?: RunningServers };

export function keepServers(servers: RunningServers): void {
  holder.shopstreamServers = servers;
}

export async function stopServers(): Promise<void> {
  await holder.shopstreamServers?.stop();
}
