import Bowser from 'bowser';
import { LRUCache } from 'lru-cache';

export interface Agent {
  device_type: string | null;
  browser: string | null;
}

const UNKNOWN: Agent = { device_type: null, browser: null };
const DEVICE_TYPES = ['desktop', 'mobile', 'tablet'];
/** Real ones are shorter; longer ones would only cost time. */
const MAX_LENGTH = 512;
const MAX_CACHED = 10_000;

/** Reads device type and browser from user agents. Few strings come again and again, so they are read once. */
export function createUserAgentReader(): (userAgent: string | undefined) => Agent {
  const known = new LRUCache<string, Agent>({ max: MAX_CACHED });
  return (userAgent) => {
    if (!userAgent || userAgent.length > MAX_LENGTH) return UNKNOWN;
    let agent = known.get(userAgent);
    if (agent === undefined) known.set(userAgent, (agent = readAgent(userAgent)));
    return agent;
  };
}

function readAgent(userAgent: string): Agent {
  const { browser, platform } = Bowser.parse(userAgent);
  return {
    device_type: DEVICE_TYPES.find((type) => type === platform.type) ?? null,
    browser: browser.name || null,
  };
}
