import { describe, expect, it } from '@jest/globals';
import { checkJava, checkMaven, checkMemory, checkNode } from './machine.ts';

describe('what the machine needs', () => {
  it.each([
    ['20.19.0', true],
    ['20.18.3', false],
    ['22.1.0', true],
    ['18.20.0', false],
  ])('Node.js %s: %s', (version, ok) => expect(checkNode(version).ok).toBe(ok));

  it.each([
    ['openjdk version "17.0.15" 2025-04-15', true],
    ['openjdk version "21" 2023-09-19', true],
    ['java version "1.8.0_402"', false],
    ['openjdk version "11.0.22" 2024-01-16', false],
    [undefined, false],
  ])('Java as in %s: %s', (output, ok) => expect(checkJava(output).ok).toBe(ok));

  it('finds Maven behind the colours it prints', () => {
    expect(checkMaven('\u001b[1mApache Maven 3.8.7\u001b[m\nMaven home: /usr')).toMatchObject({
      ok: true,
      detail: '3.8.7',
    });
    expect(checkMaven(undefined)).toMatchObject({ ok: false });
  });

  it('says what to do about every problem', () => {
    for (const finding of [
      checkNode('18.0.0'),
      checkJava(undefined),
      checkMaven(undefined),
      checkMemory(1_000),
    ]) {
      expect(finding.advice).toBeTruthy();
    }
  });
});
