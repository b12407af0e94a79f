const shared = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  modulePathIgnorePatterns: ['/dist/', '/.shopstream/'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript' },
          transform: { verbatimModuleSyntax: true },
        },
        sourceMaps: 'inline',
      },
    ],
  },
};

/** Two projects, so that unit tests start no servers. */
export default {
  // One test file at a time: the servers, and the services that a file starts, are what keeps the cores busy.
  maxWorkers: 1,
  // In a process of its own nevertheless, which is what a limit of memory makes of it.
  workerIdleMemoryLimit: '1GB',
  // Ends what hangs; a machine with much else to do is no failure. Of a project jest would not take it.
  testTimeout: 180_000,
  // Now and then a worker does not end by itself, and the run would never end; what holds it is not known.
  forceExit: true,
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '\\.int\\.test\\.ts$'],
    },
    {
      ...shared,
      displayName: 'int',
      testMatch: ['<rootDir>/**/*.int.test.ts'],
      globalSetup: '<rootDir>/infra/jest/global-setup.ts',
      globalTeardown: '<rootDir>/infra/jest/global-teardown.ts',
    },
  ],
};
