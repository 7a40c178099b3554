import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LANGUAGES } from '../../../../src/call/understanding/narrative/catalogue.js';
import type { CallDetailRecord } from '../../../../src/call/trace.js';
import { BEGAN_AT, createRecord, createTrace } from '../../../fixtures/records.js';
import { STORIES, traceOf } from '../support.js';
import { textOf, traces } from './support.js';

const story = STORIES.find(({ name }) => name === 'attended-transfer') ?? STORIES[0];
if (story === undefined) throw new Error('no stories');
const trace = traceOf(story);
const anyText = fc.tuple(traces, fc.constantFrom(...LANGUAGES));

/** Columns that a terminal gives a line: two for a Chinese character. */
const widthOf = (line: string) =>
  [...line.matchAll(/./gu)].reduce((sum, [one]) => sum + (/[\u2e80-\uffef]/u.test(one) ? 2 : 1), 0);

/** The rows of a CSV text by RFC 4180. */
function parseCsv(csv: string): string[][] {
  expect(csv.endsWith('\r\n')).toBe(true);
  const rows: string[][] = [[]];
  for (const [, quoted, plain = '', end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

/** The cells of a column of the one row of a record. */
function cellOf(record: Partial<CallDetailRecord>, column: string, timeZone = 'UTC'): string | undefined {
  const [head, row] = parseCsv(textOf(createTrace([createRecord(record)]), 'CSV', 'en', timeZone));
  return row?.[head?.indexOf(column) ?? -1];
}

describe('plain text', () => {
  it('tells the narrative and a table of the legs', () => {
    expect(textOf(trace, 'PLAIN', 'en', 'Asia/Shanghai').split('\n')).toEqual([
      'Answered after 14 s by agent 2001, who handed over to agent 2002; agent 2002',
      'ended the call. 15 Jun 2025, 16:00:00–16:03:59 (UTC+8).',
      '',
      '1. The customer was in the menu for 10 s. [1]',
      '2. The customer waited 10 s in queue 101. [2]',
      '3. The call rang for 4 s at agent 2001. [3]',
      '4. Agent 2001 talked with the customer for 1 min 0 s. [3]',
      '5. Agent 2001 held the call for 35 s. [3]',
      '6. Meanwhile agent 2001 consulted agent 2002. [3-4]',
      '7. Agent 2001 handed the call over to agent 2002 (attended transfer). [3, 5]',
      '8. Agent 2002 talked with the customer for 2 min 0 s. [5]',
      '',
      '#  Device      Begin     End       Duration   Left because',
      '1  Menu        16:00:00  16:00:10  10 s       0 Ordinary access or transfer',
      '2  Queue 101   16:00:10  16:00:20  10 s       0 Ordinary access or transfer',
      '3  Agent 2001  16:00:20  16:01:24  1 min 4 s  18 Call put on hold',
      '4  Agent 2002  16:01:24  16:01:59  35 s       11 Internal help: the side that ..',
      '5  Agent 2002  16:01:59  16:03:59  2 min 0 s  16 The agent released the call',
      '',
    ]);
  });

  it('fits in 80 columns, whatever the call and the language', () => {
    fc.assert(
      fc.property(anyText, ([any, language]) => {
        for (const line of textOf(any, 'PLAIN', language).split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(80);
      }),
    );
  });

  it('marks the times of another day than the first', () => {
    const begin = Date.parse('2025-06-15T23:59:50Z');
    const late = [begin, begin + 20_000].map((callBegin, index) =>
      createRecord({ callIdNum: index + 1, deviceType: 3, callBegin, callEnd: callBegin + 20_000 }),
    );
    const table = textOf(createTrace(late), 'PLAIN').split('\n').slice(-3);
    expect(table).toEqual([
      '1  Menu    23:59:50     00:00:10 +1  20 s',
      '2  Menu    00:00:10 +1  00:00:30 +1  20 s',
      '',
    ]);
  });
});

describe('Markdown', () => {
  it('is a list and a table, in which no text of the records is markup', () => {
    fc.assert(
      fc.property(anyText, ([any, language]) => {
        const text = textOf(any, 'MARKDOWN', language);
        const [headline = '', empty, ...rest] = text.trimEnd().split('\n');
        expect(headline).toMatch(/^\*\*.*\*\*$/);
        expect(empty).toBe('');
        const table = rest.slice(rest.indexOf('') + 1);
        expect(table).toHaveLength(any.records.length + 2);
        for (const line of table) expect(line.match(/(?<!\\)\|/g)).toHaveLength(7);
        const lines = [headline.slice(2, -2), ...rest.map((line) => line.replaceAll(/(?<!\\)\| ?/g, ''))];
        for (const line of lines) expect(line.replaceAll(/\\./g, '')).not.toMatch(/[*_`<>[\]#~&]|\w\.\w/);
      }),
    );
  });

  it.each(['_2001_', 'www.example.com', 'a__b', '2.1', 'x_y'])(
    'shows the ID %s as it stands, or not at all',
    (deviceNo) => {
      const record = createRecord({
        callIdNum: -1,
        deviceType: 2,
        deviceNo,
        callBegin: BEGAN_AT,
        callEnd: BEGAN_AT + 9_000,
      });
      const text = textOf(createTrace([record]), 'MARKDOWN');
      const unescaped = text.replaceAll(/\\(?=[^A-Za-z\d\s])/g, '');
      expect(text).not.toContain('www.example');
      expect(/^\w[\w.-]*$/.test(deviceNo) && !deviceNo.startsWith('_')).toBe(
        unescaped.includes(`| Agent ${deviceNo} |`),
      );
    },
  );
});

describe('Mermaid', () => {
  it('is a sequence diagram with known participants and no markup within texts', () => {
    fc.assert(
      fc.property(anyText, ([any, language]) => {
        const [first, title, ...lines] = textOf(any, 'MERMAID', language).trimEnd().split('\n');
        expect(first).toBe('sequenceDiagram');
        const texts = [/^ {2}title (.*)$/.exec(title ?? '')?.[1]];
        const declared = new Set<string>();
        for (const line of lines) {
          const [, id = '', label] = /^ {2}participant (p\d+) as (.*)$/.exec(line) ?? [];
          const [, a = '', b = a, note] = /^ {2}Note over (p\d+)(?:,(p\d+))?: (.*)$/.exec(line) ?? [];
          const [, from = '', to = '', arrow] = /^ {2}(p\d+)->>(p\d+): (.*)$/.exec(line) ?? [];
          if (id !== '') declared.add(id);
          for (const used of [a, b, from, to]) if (used !== '') expect(declared).toContain(used);
          texts.push(label ?? note ?? arrow);
        }
        for (const text of texts) expect(text?.replaceAll(/#\d+;/g, '')).toMatch(/^[^#;<>%]+$/);
      }),
    );
  });
});

describe('CSV', () => {
  it('has a header and one row for each leg, all of one width', () => {
    fc.assert(
      fc.property(traces, (any) => {
        const rows = parseCsv(textOf(any, 'CSV'));
        expect(rows).toHaveLength(any.records.length + 1);
        expect(new Set(rows.map((row) => row.length)).size).toBe(1);
        expect(rows[0]).not.toContain('callerNo');
        expect(rows.slice(1).map(([position]) => position)).toEqual(any.records.map((_, index) => String(index + 1)));
      }),
    );
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A)', '\tx', '\rx'])(
    'takes from %j what makes a spreadsheet run it',
    (deviceIn) => {
      const cell = cellOf({ deviceIn: deviceIn.replaceAll(/\d/g, 'A') }, 'deviceIn');
      expect(cell === '' || cell?.startsWith("'")).toBe(true);
    },
  );

  it.each(['a,b', 'say "x"', 'two\r\nlines', '客户', '<b>'])('holds the text %j as it is', (deviceIn) => {
    expect(cellOf({ deviceIn }, 'deviceIn')).toBe(deviceIn);
  });

  it('writes instants in UTC and in the zone, and numbers as numbers', () => {
    const record = { callIdNum: -1, callBegin: BEGAN_AT, callEnd: BEGAN_AT + 500, deviceType: 2, deviceNo: '2001' };
    expect(cellOf(record, 'callBegin')).toBe('2025-06-15T08:00:00.000Z');
    expect(cellOf(record, 'callEnd')).toBe('2025-06-15T08:00:00.500Z');
    expect(cellOf(record, 'startedAtLocal', 'America/St_Johns')).toBe('2025-06-15T05:30:00-02:30');
    expect(cellOf(record, 'callEndLocal')).toBe('2025-06-15T08:00:00+00:00');
    expect(cellOf(record, 'callIdNum')).toBe('-1');
    expect(cellOf(record, 'deviceType')).toBe('AGENT');
    expect(cellOf(record, 'leaveReason')).toBe('');
  });
});
