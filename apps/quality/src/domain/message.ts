import type { Notice } from './board.ts';

const TITLES = { pass: 'RECOVERED', warn: 'WARNING', error: 'ERROR' } as const;
const RUNBOOK = 'docs/runbooks/a-data-test-fails.md';

/** The text of a message, in the markup of Slack and those that speak like it. */
export function toMessage({ test, topic, level, was, sinceMs, detail }: Notice): string {
  const since = new Date(sinceMs).toISOString();
  const before = was === 'pass' ? '' : ` It was at ${was} before.`;
  const advice = level === 'pass' ? '' : `\nWhat to do: ${RUNBOOK}`;
  return `*${TITLES[level]}* ${escape(test)} of ${topic}: ${escape(detail)}. Since ${since}.${before}${advice}`;
}

/** Of the characters that are markup. */
const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
