import { ApiError } from '@shopstream/platform';

export function noSuchItem(): ApiError {
  return new ApiError('NOT_FOUND', 'Item not found', {
    details: { field: 'item_id', reason: 'no such item' },
  });
}
