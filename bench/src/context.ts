import type { Options } from './options.ts';
import type { BenchServers } from './platform/bench-servers.ts';
import { type Platform, createPlatform } from './platform/platform.ts';
import { type Shop, loadShop } from './shop/load-shop.ts';

/** What a bench works with. */
export interface Context {
  options: Options;
  servers: BenchServers;
  signal: AbortSignal;
  /** A platform of its own, with no service running and no data. The caller removes it. */
  createPlatform(): Promise<Platform>;
  /** The whole platform with the synthetic shop in it; loaded once and shared. */
  shop(): Promise<Shop>;
  say(message: string): void;
  close(): Promise<void>;
}

export function createContext({
  servers,
  options,
  signal,
}: Pick<Context, 'servers' | 'options' | 'signal'>): Context {
  const platforms: Platform[] = [];
  let shop: Promise<Shop> | null = null;
  const say = (message: string): void => console.log(`  ${message}`);
  const create = async (): Promise<Platform> => {
    signal.throwIfAborted();
    const platform = await createPlatform(servers, { ...options, signal });
    platforms.push(platform);
    return platform;
  };
  return {
    options,
    servers,
    signal,
    say,
    createPlatform: create,
    shop: () => (shop ??= create().then((platform) => loadShop(platform, say))),
    async close() {
      for (const platform of platforms) await platform.remove();
    },
  };
}
