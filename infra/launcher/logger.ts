/** Lines for the person at the terminal. A pino logger fits as well. */
export interface LauncherLogger {
  info(message: string): void;
  error(message: string): void;
}

export function createConsoleLogger(): LauncherLogger {
  return {
    info: (message) => process.stdout.write(`${message}\n`),
    error: (message) => process.stderr.write(`${message}\n`),
  };
}
