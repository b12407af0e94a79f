export { eventually } from './eventually.ts';
export { startServiceProcess } from './service-process.ts';
export type { Exit, ServiceProcess, ServiceProcessOptions } from './service-process.ts';
export { testSettings } from './test-settings.ts';
export type { TestSettings } from './test-settings.ts';
export { uniqueName } from './unique-name.ts';
