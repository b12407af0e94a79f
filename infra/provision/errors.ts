export const provisionErrorCodes = ['schema_refused', 'registry_failed', 'migration_failed'] as const;
export type ProvisionErrorCode = (typeof provisionErrorCodes)[number];

/** Something in the way of a deployment: its message says which part, and what the server answered. */
export class ProvisionError extends Error {
  readonly code: ProvisionErrorCode;

  constructor(code: ProvisionErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ProvisionError';
    this.code = code;
  }
}
