export const launcherErrorCodes = [
  'bad_settings',
  'missing_program',
  'install_failed',
  'port_in_use',
  'already_running',
  'server_died',
  'server_not_ready',
  'migration_failed',
] as const;
export type LauncherErrorCode = (typeof launcherErrorCodes)[number];

/** A problem that the person at the terminal can solve: its message says what is wrong and what to do. */
export class LauncherError extends Error {
  readonly code: LauncherErrorCode;

  constructor(code: LauncherErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LauncherError';
    this.code = code;
  }
}
