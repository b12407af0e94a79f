export { startCuttableProxy } from './cuttable-proxy.ts';
export type { CuttableProxy } from './cuttable-proxy.ts';
export { eventually } from './eventually.ts';
export { freshDatabase, freshKeyspace, freshRedisPrefix } from './fresh-stores.ts';
export { startServiceProcess } from './service-process.ts';
export type { Exit, ServiceProcess, ServiceProcessOptions } from './service-process.ts';
export { testSettings } from './test-settings.ts';
export type { TestSettings } from './test-settings.ts';
export { uniqueName } from './unique-name.ts';
