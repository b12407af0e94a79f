import type { RequestHandler } from 'express';
import { ApiError } from './api-error.ts';

/** Lets requests through while open, counts those inside, and tells when the last one has left. */
export interface RequestGate {
  handler: RequestHandler;
  open(): void;
  /** Refuses new requests; resolves when those inside have been answered. */
  closeAndDrain(): Promise<void>;
}

export function createRequestGate(): RequestGate {
  let isOpen = false;
  let inside = 0;
  let onEmpty: (() => void) | undefined;

  return {
    handler: (_req, res, next) => {
      if (!isOpen) {
        throw new ApiError('SERVICE_UNAVAILABLE', 'Service temporarily unavailable', {
          headers: { 'Retry-After': '1', Connection: 'close' },
        });
      }
      inside += 1;
      res.once('close', () => {
        inside -= 1;
        if (inside === 0) onEmpty?.();
      });
      next();
    },
    open: () => {
      isOpen = true;
    },
    closeAndDrain: async () => {
      isOpen = false;
      if (inside === 0) return;
      await new Promise<void>((resolve) => {
        onEmpty = resolve;
      });
    },
  };
}
