import type { ApiErrorCode } from '@shopstream/platform';
import { ApiError } from '@shopstream/platform';
import type { Refusal } from '../domain/refusal.ts';

export const codeOf = (refusal: Refusal): ApiErrorCode =>
  refusal.reason === 'invalid_user_id' ? 'INVALID_USER_ID' : 'INVALID_INPUT';

export function toApiError(refusal: Refusal): ApiError {
  const code = codeOf(refusal);
  const message = code === 'INVALID_USER_ID' ? 'User ID is invalid' : 'Event is invalid';
  return new ApiError(code, message, { details: { field: refusal.field, reason: refusal.message } });
}
