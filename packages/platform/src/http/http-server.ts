import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HttpServer {
  /** Starts listening; the URL has the real port when 0 was asked for. */
  start(): Promise<{ url: string }>;
  /** Closes the port and all connections; whoever needs an answer has been answered by then. */
  stop(): Promise<void>;
}

export function createHttpServer(options: {
  host: string;
  port: number;
  listener: RequestListener;
}): HttpServer {
  const server = createServer(
    // Longer than any client's pool keeps a connection, so that the client closes first and never writes into a closed one.
    { keepAliveTimeout: 65_000, headersTimeout: 10_000, requestTimeout: 30_000 },
    options.listener,
  );
  return {
    async start() {
      server.listen(options.port, options.host);
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const host = options.host.includes(':') ? `[${options.host}]` : options.host;
      return { url: `http://${host}:${port}` };
    },
    async stop() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
