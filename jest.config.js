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
  maxWorkers: 2,
  // cassandra-driver 4.10.0 goes on reconnecting for ever when it is shut down in the middle of a reconnection.
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
