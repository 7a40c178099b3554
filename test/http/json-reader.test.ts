import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createJsonReader } from '../../src/http/json-reader.js';

const DOCUMENT = `query Day($callId: ID!) {\n  call(vdn: 1, callId: $callId) { "größe" id ${'legs { callIdNum } '.repeat(12)}}\n}`;
const START = `{"query":${JSON.stringify(DOCUMENT)},"variables":`;

/** What a reader that has met the document before says of a body, or of what is wrong with it. */
function readAgain(body: string): unknown {
  const read = createJsonReader();
  for (const known of [`${START}null}`, START.replace('Day', 'Night') + '{}}']) read(Buffer.from(known));
  return outcome(() => read(Buffer.from(body)));
}

function outcome(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    return (error as Error).constructor;
  }
}

describe('a reader of JSON', () => {
  it.each([
    `${START}{"callId":"1-2"}}`,
    `${START}{"callId":"größer"},"operationName":"Day","extensions":{"a":[1]}}`,
    `${START}{},"query":"{ other }"}`,
    `${START}{},"query":null}`,
    `${START}{},"variables":{"callId":"twice"}}`,
    `${START}{},"__proto__":{"query":"{ x }"}}`,
    `${START}{"query":"inside"}}`,
    `${START} [ ] } `,
    `${START}}`,
    `${START}{}`,
    `${START}{}},`,
    `${START}{}} {}`,
    START,
    START.slice(0, -5),
    ` ${START}{}}`,
    '{}',
    'null',
    '',
    '"text"',
    '{"query":"{ short }","variables":{}}',
  ])('reads a body as JSON.parse does, though it knows the document: %#', (body) => {
    expect(readAgain(body)).toEqual(outcome(() => JSON.parse(body)));
  });

  it('reads whatever follows a document that it knows as JSON.parse does', () => {
    const ends = fc.oneof(
      fc.json().map((variables) => `${variables}}`),
      fc
        .tuple(fc.json(), fc.constantFrom('query', 'variables', 'a'), fc.json())
        .map(([v, name, w]) => `${v},"${name}":${w}}`),
      fc.string({ unit: fc.constantFrom('{', '}', '[', ']', ',', ':', '"', '\\', ' ', '1', 'a', 'é') }),
    );
    fc.assert(
      fc.property(ends, (end) => {
        expect(readAgain(START + end)).toEqual(outcome(() => JSON.parse(START + end)));
      }),
    );
  });

  it('takes bytes that are no UTF-8 as the decoder does', () => {
    const body = Buffer.concat([Buffer.from(`${START}{"callId":"`), Buffer.from([0xc3, 0xff]), Buffer.from('"}}')]);
    const read = createJsonReader();
    read(Buffer.from(`${START}{}}`));
    expect(read(body)).toEqual(JSON.parse(body.toString()));
  });

  it('keeps documents apart, whichever came last, and many of them', () => {
    const read = createJsonReader();
    for (let turn = 0; turn < 3; turn += 1) {
      for (let number = 0; number < 20; number += 1) {
        const body = START.replace('Day', `Day${number}`) + `{"turn":${turn}}}`;
        expect(read(Buffer.from(body))).toEqual(JSON.parse(body));
      }
    }
  });
});
