import { expect, it } from '@jest/globals';
import { createUserAgentReader } from './user-agent.ts';

const read = createUserAgentReader();
const unknown = { device_type: null, browser: null };

it.each([
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
    { device_type: 'desktop', browser: 'Chrome' },
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
    { device_type: 'mobile', browser: 'Safari' },
  ],
  [
    'Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/12.1 Mobile/15E148 Safari/604.1',
    { device_type: 'tablet', browser: 'Safari' },
  ],
  ['node', unknown],
  ['', unknown],
  [undefined, unknown],
  ['x'.repeat(100_000), unknown],
])('reads device and browser from %s', (userAgent, agent) => {
  expect(read(userAgent)).toMatchObject(agent);
  expect(read(userAgent)).toEqual(read(userAgent));
});
