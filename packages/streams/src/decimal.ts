// Decimals are strings with all their digits on our side, and two's-complement big-endian integers in Avro.
import avro from 'avsc';

const SHAPE = /^(-?)(\d+)(?:\.(\d+))?$/;

/**
 * Avro's `decimal` over bytes, as text such as `"12.30"`.
 * @throws Error when a text is no decimal or has more digits than precision and scale allow
 */
export class DecimalType extends avro.types.LogicalType {
  readonly #precision: number;
  readonly #scale: number;

  constructor(schema: avro.Schema, options?: unknown) {
    super(schema, options);
    const { precision, scale = 0 } = schema as unknown as { precision: number; scale?: number };
    this.#precision = precision;
    this.#scale = scale;
  }

  protected override _fromValue(bytes: Buffer): string {
    return toText(toInteger(bytes), this.#scale);
  }

  protected override _toValue(text: unknown): Buffer | undefined {
    return typeof text === 'string' ? toBytes(parse(text, this.#precision, this.#scale)) : undefined;
  }

  protected override _resolve(writer: avro.Type): ((text: string) => string) | undefined {
    return writer instanceof DecimalType && writer.#scale === this.#scale ? (text) => text : undefined;
  }
}

function toInteger(bytes: Buffer): bigint {
  // Prices fit six bytes, which Node reads without a bigint detour.
  if (bytes.length > 0 && bytes.length <= 6) return BigInt(bytes.readIntBE(0, bytes.length));
  return bytes.length === 0 ? 0n : BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex')}`));
}

function toText(integer: bigint, scale: number): string {
  if (scale === 0) return integer.toString();
  const digits = (integer < 0n ? -integer : integer).toString().padStart(scale + 1, '0');
  return `${integer < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function parse(text: string, precision: number, scale: number): bigint {
  const [, sign, whole, fraction = ''] = SHAPE.exec(text) ?? [];
  if (whole === undefined || fraction.length > scale) {
    throw new Error(`"${text}" is no decimal with at most ${scale} digits behind the point`);
  }
  const digits = whole + fraction.padEnd(scale, '0');
  if (digits.replace(/^0+/, '').length > precision) {
    throw new Error(`"${text}" has more than ${precision} digits`);
  }
  return BigInt(`${sign ?? ''}${digits}`);
}

function toBytes(integer: bigint): Buffer {
  if (integer >= -0x8000_0000n && integer <= 0x7fff_ffffn) {
    const small = Buffer.allocUnsafe(4);
    small.writeInt32BE(Number(integer));
    return small;
  }
  let length = 5;
  while (BigInt.asIntN(length * 8, integer) !== integer) length += 1;
  return Buffer.from(
    BigInt.asUintN(length * 8, integer)
      .toString(16)
      .padStart(length * 2, '0'),
    'hex',
  );
}
