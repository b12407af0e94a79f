import type { Request, RequestHandler, Response } from 'express';

/** What a route answers. */
export interface Reply {
  status: number;
  body: unknown;
  headers?: Readonly<Record<string, string>>;
}

/**
 * A route as a function from request to reply; what it throws becomes the error envelope.
 * @example router.get('/v1/items/:id', route(async (req) => ({ status: 200, body: await items.get(req.params.id) })));
 */
export function route(handle: (req: Request, res: Response) => Promise<Reply> | Reply): RequestHandler {
  return async (req, res) => {
    const reply = await handle(req, res);
    res
      .status(reply.status)
      .set(reply.headers ?? {})
      .json(reply.body);
  };
}
