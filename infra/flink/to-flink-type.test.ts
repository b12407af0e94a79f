import { describe, expect, test } from '@jest/globals';
import { type AvroType, toFlinkType } from './to-flink-type.ts';

describe('the type of a column', () => {
  test.each<[AvroType, string]>([
    ['string', 'STRING NOT NULL'],
    [['null', 'long'], 'BIGINT'],
    [{ type: 'long', logicalType: 'timestamp-millis' }, 'TIMESTAMP(3) NOT NULL'],
    [['null', { type: 'bytes', logicalType: 'decimal', precision: 12, scale: 2 }], 'DECIMAL(12, 2)'],
    [{ type: 'array', items: 'string' }, 'ARRAY<STRING NOT NULL> NOT NULL'],
    [{ type: 'map', values: ['null', 'int'] }, 'MAP<STRING NOT NULL, INT> NOT NULL'],
    [
      { type: 'record', name: 'Line', fields: [{ name: 'views', type: ['null', 'double'] }] },
      'ROW<`views` DOUBLE> NOT NULL',
    ],
  ])('%j is %s', (avro, expected) => expect(toFlinkType(avro)).toBe(expected));

  test.each<[AvroType]>([[['null', 'string', 'long']], [['string', 'long']], ['fixed']])(
    '%j is refused by name',
    (avro) => expect(() => toFlinkType(avro)).toThrow(/no column for/),
  );
});
