import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { repositoryRoot } from './launcher/settings.ts';
import { serviceNames } from './start/service-ports.ts';

const appsDir = path.join(repositoryRoot, 'apps');
const apps = readdirSync(appsDir);

test('every app but the command line is a service, which npm start and docker-compose.yml run', () => {
  expect(apps.filter((app) => app !== 'cli').sort()).toEqual([...serviceNames].sort());
});

test.each(apps)('%s has a README of one page', (app) => {
  const lines = readFileSync(path.join(appsDir, app, 'README.md'), 'utf8')
    .trimEnd()
    .split('\n');
  expect(lines.length).toBeLessThanOrEqual(60);
});

test.each(serviceNames)('%s has its settings in one file, with an example', (app) => {
  const missing = ['src/config.ts', 'src/config.test.ts', '.env.example'].filter(
    (file) => !existsSync(path.join(appsDir, app, file)),
  );
  expect(missing).toEqual([]);
});
