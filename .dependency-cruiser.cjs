const tests = String.raw`\.test\.ts$|/test/`;

/** The rules of the architecture that a tool can hold; knip holds the one about declared dependencies. */
module.exports = {
  forbidden: [
    {
      name: 'no-app-imports-an-app',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'no-package-imports-an-app',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^apps/' },
    },
    {
      name: 'packages-only-through-index',
      severity: 'error',
      from: { path: '^(packages/[^/]+|apps/[^/]+|infra|e2e|bench)/' },
      to: { path: '^packages/', pathNot: ['^$1/', '^packages/[^/]+/src/index\\.ts$'] },
    },
    {
      name: 'no-relative-path-across-packages',
      severity: 'error',
      from: { path: '^(packages/[^/]+|apps/[^/]+|infra|e2e|bench)/' },
      to: { path: '^packages/', pathNot: '^$1/', dependencyTypes: ['local'] },
    },
    {
      name: 'domain-is-pure',
      severity: 'error',
      from: { path: '^apps/[^/]+/src/domain/', pathNot: tests },
      to: {
        pathNot: [
          '^apps/[^/]+/src/domain/',
          '^packages/(contracts|recommender|data-tests)/',
          '^packages/streams/',
          '(^|/)node_modules/',
        ],
        dependencyTypesNot: ['core'],
      },
    },
    {
      name: 'domain-takes-only-types-from-streams',
      severity: 'error',
      from: { path: '^apps/[^/]+/src/domain/', pathNot: tests },
      to: { path: '^packages/streams/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'domain-does-no-io',
      severity: 'error',
      from: { path: '^apps/[^/]+/src/domain/', pathNot: tests },
      to: {
        path: [
          '^(node:)?(fs|net|http|https|child_process|dgram|tls|dns|timers)(/|$)',
          '(^|/)node_modules/(express|ioredis|pg|cassandra-driver|undici|pino|prom-client)/',
        ],
      },
    },
    {
      name: 'testkit-only-from-tests',
      severity: 'error',
      from: {
        path: '^(packages|apps|infra|e2e|bench)/',
        pathNot: [tests, '^packages/testkit(-streams)?/', '^e2e/'],
      },
      to: { path: '^packages/testkit(-streams)?/' },
    },
    {
      name: 'browser-code-stays-in-the-browser',
      severity: 'error',
      from: { path: '^(packages/sdk|apps/shop|apps/admin)/src/', pathNot: tests },
      to: { path: '^packages/(streams|stores)/' },
    },
    {
      name: 'browser-code-uses-no-node',
      severity: 'error',
      from: { path: '^(packages/sdk|apps/shop|apps/admin)/src/', pathNot: tests },
      to: { dependencyTypes: ['core'] },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'leaves-and-layers',
      comment:
        'contracts imports nothing of ours; platform knows no Kafka and no store; recommender does no I/O',
      severity: 'error',
      from: { path: '^packages/(contracts|platform|recommender)/src/', pathNot: tests },
      to: { path: '^packages/', pathNot: ['^packages/$1/', '^packages/contracts/'] },
    },
    {
      name: 'data-tests-are-pure',
      comment: 'services and tools give it what it asks the cluster with',
      severity: 'error',
      from: { path: '^packages/data-tests/src/', pathNot: tests },
      to: { pathNot: ['^packages/(data-tests|contracts)/'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'testkit-serves-the-tests-of-every-package',
      comment: 'so it can rest on none of those that test themselves with it',
      severity: 'error',
      from: { path: '^packages/testkit/' },
      to: { path: '^packages/', pathNot: '^packages/(testkit|contracts)/' },
    },
    {
      name: 'one-importer-of-kafka',
      severity: 'error',
      from: { pathNot: '^(packages/(streams|testkit-streams)|infra|e2e|bench)/' },
      to: { path: '(^|/)node_modules/(kafkajs|@kafkajs)/' },
    },
    {
      name: 'one-importer-of-the-drivers',
      severity: 'error',
      from: { pathNot: '^(packages/(stores|testkit)|infra|e2e|bench)/' },
      to: { path: '(^|/)node_modules/(cassandra-driver|ioredis|pg)/', dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
