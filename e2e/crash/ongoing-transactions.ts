// Which transactions are open right now, as the coordinator sees them. kafkajs cannot ask, hence Kafka's ListTransactions (key 66,
// version 0) by hand: https://kafka.apache.org/protocol#The_Messages_ListTransactions
import { type Socket, connect } from 'node:net';

const ANSWER_TIMEOUT_MS = 2_000;

function request(): Buffer {
  const clientId = Buffer.from('crash-test');
  const head = Buffer.alloc(10);
  head.writeInt16BE(66, 0);
  head.writeInt16BE(0, 2);
  head.writeInt32BE(1, 4);
  head.writeInt16BE(clientId.length, 8);
  // No tagged fields; the one state that counts; any producer; no tagged fields.
  const state = Buffer.from('Ongoing');
  const body = Buffer.from([0, 2, state.length + 1, ...state, 1, 0]);
  const size = Buffer.alloc(4);
  size.writeInt32BE(head.length + clientId.length + body.length);
  return Buffer.concat([size, head, clientId, body]);
}

/** Transactional ids in the answer, which begins after its size. */
function transactionalIds(answer: Buffer): string[] {
  let offset = 4;
  const skip = (bytes: number): number => (offset += bytes) - bytes;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = answer.readUInt8(skip(1));
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const text = (): string => {
    const length = varint() - 1;
    return answer.toString('utf8', skip(length), offset);
  };
  skip(1 + 4);
  const error = answer.readInt16BE(skip(2));
  // While the coordinator reads its log after a start it does not know.
  if (error !== 0) return [];
  for (let unknown = varint() - 1; unknown > 0; unknown -= 1) text();
  return Array.from({ length: varint() - 1 }, () => {
    const id = text();
    skip(8);
    text();
    skip(varint());
    return id;
  });
}

/** The transactional ids with an open transaction; none while the broker is away. */
export function ongoingTransactions(port: number): Promise<string[]> {
  return new Promise((resolve) => {
    const socket: Socket = connect(port, '127.0.0.1', () => socket.write(request()));
    let received = Buffer.alloc(0);
    const finish = (ids: string[]): void => {
      socket.destroy();
      resolve(ids);
    };
    socket.setTimeout(ANSWER_TIMEOUT_MS, () => finish([]));
    socket.on('error', () => finish([]));
    socket.on('close', () => finish([]));
    socket.on('data', (data: Buffer) => {
      received = Buffer.concat([received, data]);
      if (received.length < 4 || received.length < received.readInt32BE(0) + 4) return;
      finish(transactionalIds(received.subarray(4)));
    });
  });
}
