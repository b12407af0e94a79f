// Confluent's wire format: a zero byte, the schema's id in four bytes, Avro.

const MAGIC_BYTE = 0;
export const HEADER_BYTES = 5;

/** Undefined for bytes that are not in the format. */
export function schemaIdOf(bytes: Buffer | null): number | undefined {
  if (bytes === null || bytes.length < HEADER_BYTES || bytes[0] !== MAGIC_BYTE) return undefined;
  return bytes.readInt32BE(1);
}

export function writeHeader(bytes: Buffer, schemaId: number): void {
  bytes[0] = MAGIC_BYTE;
  bytes.writeInt32BE(schemaId, 1);
}
