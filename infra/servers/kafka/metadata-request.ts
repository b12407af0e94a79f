/** Kafka's Metadata request, version 2, for no topics: the cheapest question whose answer names the cluster. */
export function metadataRequest(): Buffer {
  const clientId = Buffer.from('launcher');
  const head = Buffer.alloc(14);
  const tail = Buffer.alloc(4);
  head.writeInt32BE(head.length - 4 + clientId.length + tail.length, 0);
  head.writeInt16BE(3, 4);
  head.writeInt16BE(2, 6);
  head.writeInt32BE(1, 8);
  head.writeInt16BE(clientId.length, 12);
  return Buffer.concat([head, clientId, tail]);
}

/** The cluster id in the answer, or undefined when no broker has registered yet or the answer is something else. */
export function clusterIdOf(answer: Buffer): string | undefined {
  let offset = 8;
  const int32 = () => answer.readInt32BE((offset += 4) - 4);
  const text = () => {
    const length = answer.readInt16BE((offset += 2) - 2);
    return length < 0 ? undefined : answer.toString('utf8', offset, (offset += length));
  };
  try {
    const brokers = int32();
    for (let broker = 0; broker < brokers; broker += 1) {
      int32();
      text();
      int32();
      text();
    }
    return brokers > 0 ? text() : undefined;
  } catch {
    // It ends too early: no answer of a Kafka that is ready.
    return undefined;
  }
}
