import { describe, expect, it } from '@jest/globals';
import avro from 'avsc';
import fc from 'fast-check';
import { avroOptions } from './avro-types.ts';

const decimal = (precision: number, scale: number): avro.Type =>
  avro.Type.forSchema({ type: 'bytes', logicalType: 'decimal', precision, scale } as unknown as avro.Schema, {
    ...avroOptions,
  });
const price = decimal(12, 2);
const bytesOf = (text: string): Buffer =>
  avro.Type.forSchema('bytes').fromBuffer(price.toBuffer(text)) as Buffer;

describe('a decimal', () => {
  it.each([
    ['0', '0.00'],
    ['12.3', '12.30'],
    ['-0.01', '-0.01'],
    ['9999999999.99', '9999999999.99'],
    ['-9999999999.99', '-9999999999.99'],
    ['00012.30', '12.30'],
    ['-0', '0.00'],
  ])('%s comes back as %s', (text, expected) => {
    expect(price.fromBuffer(price.toBuffer(text))).toBe(expected);
  });

  it.each(['10000000000.00', '1.234', '1e3', '', '.5', '1.', 'NaN', '+1', ' 1', '1,5'])(
    '%j is refused',
    (text) => {
      expect(() => price.toBuffer(text)).toThrow();
    },
  );

  it('is read whatever its number of bytes, as other writers choose it', () => {
    const read = (...bytes: number[]): unknown =>
      price.fromBuffer(avro.Type.forSchema('bytes').toBuffer(Buffer.from(bytes)));
    expect(read()).toBe('0.00');
    expect(read(0xff)).toBe('-0.01');
    expect(read(0x7f)).toBe('1.27');
    expect(read(0x00, 0x80)).toBe('1.28');
    expect(read(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x80)).toBe('-1.28');
  });

  it('is two-complement and big-endian', () => {
    expect(bytesOf('-1.28').readInt32BE()).toBe(-128);
  });

  it('of any digits comes back as it was', () => {
    const wide = decimal(38, 6);
    const limit = 10n ** 38n - 1n;
    fc.assert(
      fc.property(fc.bigInt({ min: -limit, max: limit }), (micros) => {
        const digits = (micros < 0n ? -micros : micros).toString().padStart(7, '0');
        const text = `${micros < 0n ? '-' : ''}${digits.slice(0, -6)}.${digits.slice(-6)}`;
        expect(wide.fromBuffer(wide.toBuffer(text))).toBe(text);
      }),
    );
  });
});
