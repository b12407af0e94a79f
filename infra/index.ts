export { type FlinkEngine, type RunCost, type RunSettings, startFlink } from './flink/engine.ts';
export { type ModelName, modelNames } from './flink/models.ts';
export { type ChildGuard, createChildGuard } from './launcher/child-guard.ts';
export { LauncherError } from './launcher/errors.ts';
export { createConsoleLogger, type LauncherLogger } from './launcher/logger.ts';
export { install } from './launcher/install.ts';
export { javaProgram } from './launcher/programs.ts';
export type { ServerName } from './launcher/server.ts';
export {
  loadSettings,
  repositoryRoot,
  toConnectionEnv,
  toTestSettings,
  type Settings,
} from './launcher/settings.ts';
export { startServers, type RunningServers, type StartOptions } from './launcher/start-servers.ts';
export { readLiveState } from './launcher/state-file.ts';
export { provision } from './provision/provision.ts';
export { serviceNames, servicePort, type ServiceName } from './start/service-ports.ts';
