import { randomBytes } from 'node:crypto';
import type { RequestHandler, Response } from 'express';

const acceptable = /^[\w.:-]{1,128}$/;

/** Takes the caller's `X-Request-Id` when it is harmless, makes one otherwise, and sends it back. */
export const assignRequestId: RequestHandler = (req, res, next) => {
  const given = req.get('x-request-id');
  const id = given !== undefined && acceptable.test(given) ? given : `req_${randomBytes(12).toString('hex')}`;
  res.locals['requestId'] = id;
  res.setHeader('X-Request-Id', id);
  next();
};

/** The id of the request that this response answers. */
export function requestIdOf(res: Response): string {
  return String(res.locals['requestId']);
}
