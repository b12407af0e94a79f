import { connect } from 'node:net';

const probeTimeoutMs = 2_000;

/** Sends `hello` to a port of this machine and resolves to the first bytes of the answer, or undefined when there is none. */
export function ask(port: number, hello: string | Buffer): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(hello));
    const finish = (answer: Buffer | undefined) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(probeTimeoutMs, () => finish(undefined));
    socket.once('data', (data) => finish(data));
    socket.once('error', () => finish(undefined));
    socket.once('close', () => finish(undefined));
  });
}
