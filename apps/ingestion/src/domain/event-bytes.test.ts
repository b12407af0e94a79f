import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sliceEvents } from './event-bytes.ts';

const slice = (json: string) => sliceEvents(json).map((bytes) => bytes.toString());

describe('sliceEvents', () => {
  it.each([
    ['[]', []],
    ['[{"a": 1} ,2,"x",null, [3 ,4],{}]', ['{"a": 1}', '2', '"x"', 'null', '[3 ,4]', '{}']],
    ['{"events":[{"a":[1,{}]},\n {"b":"]}"}]}', ['{"a":[1,{}]}', '{"b":"]}"}']],
    ['{"x":["n"],"y":{"events":[1]},"events":[{"é":"\\u00e9"}],"z":[9]}', ['{"é":"\\u00e9"}']],
    ['{"x":"events","y":[1],"events":[2]}', ['2']],
    ['{"events":[1,2],"events":[3]}', ['3']],
    ['{"\\u0065vents":[ 1.50 ]}', ['1.50']],
    ['{"events":[]}', []],
  ])('finds the events of %s as they were sent', (json, expected) => {
    expect(slice(json)).toEqual(expected);
  });

  it('gives one slice per event, which reads as that event', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.boolean(), fc.nat(3), (events, isList, indent) => {
        const json = JSON.stringify(
          isList ? events : { other: events, events, more: [events] },
          null,
          indent,
        );
        expect(slice(json).map((text) => JSON.parse(text) as unknown)).toEqual(
          JSON.parse(JSON.stringify(events)),
        );
      }),
    );
  });

  it('needs no stack for deep nesting', () => {
    const deep = '['.repeat(200_000) + ']'.repeat(200_000);
    expect(slice(`[${deep},1]`)).toEqual([deep, '1']);
  });
});
