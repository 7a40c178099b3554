import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createCodeTables } from '../../../../src/call/codes/codes.js';
import { InvalidCallKeyError } from '../../../../src/call/errors.js';
import { LANGUAGES } from '../../../../src/call/understanding/narrative/catalogue.js';
import { createNarrator, TEXT_FORMS } from '../../../../src/call/understanding/narrative/narrator.js';
import { DEFAULT_READINGS, understand } from '../../../../src/call/understanding/understand.js';
import { createRecord, createTrace } from '../../../fixtures/records.js';
import { narrativeOf, NUMBERS, textOf, traces } from './support.js';

const ascending = (legs: readonly number[]) => [...new Set(legs)].sort((a, b) => a - b);
const QUEUE = 1;
const AGENT = 2;

/** A trace of one leg for each pair of instants: a queue, then agents. */
function traceAt(...spans: readonly (readonly [begin: string, end: string])[]) {
  const records = spans.map(([begin, end], index) =>
    createRecord({
      callIdNum: index === spans.length - 1 ? -1 : index + 1,
      deviceType: index === 0 ? QUEUE : AGENT,
      deviceNo: String(2000 + index),
      callBegin: Date.parse(begin),
      callEnd: Date.parse(end),
      leaveReason: 15,
    }),
  );
  return createTrace(records, { askedAt: Date.parse('2026-01-01T00:00:00Z') });
}

describe('narrate', () => {
  it('tells each piece of the timeline once, in order, with its legs', () => {
    fc.assert(
      fc.property(traces, fc.constantFrom(...LANGUAGES), (trace, language) => {
        const { timeline } = understand(trace, DEFAULT_READINGS);
        const told = narrativeOf(trace, language).sentences.filter(({ about }) => about === 'PIECE');
        expect(told.map(({ from, to, legs }) => ({ from, to, legs }))).toEqual(
          timeline.map(({ from, to, legs }) => ({ from, to, legs: ascending(legs) })),
        );
      }),
      { numRuns: 1_000 },
    );
  });

  it('tells each link that is more than the next leg', () => {
    fc.assert(
      fc.property(traces, (trace) => {
        const { links } = understand(trace, DEFAULT_READINGS);
        const told = narrativeOf(trace).sentences.filter(({ about }) => about === 'LINK');
        for (const { kind, from, to } of links) {
          if (kind === 'NEXT' || kind === 'HOLD') continue; // a hold is a piece of the timeline
          const isTold = told.some(({ legs }) => legs.includes(from) && (to === null || legs.includes(to)));
          expect({ kind, from, to, isTold }).toEqual({ kind, from, to, isTold: true });
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('says the same of the same call, in whole sentences', () => {
    fc.assert(
      fc.property(traces, fc.constantFrom(...LANGUAGES), (trace, language) => {
        const narrative = narrativeOf(trace, language);
        const again = createNarrator(createCodeTables());
        const options = { language, timeZone: 'UTC' };
        expect(again.narrate(understand(trace, DEFAULT_READINGS), structuredClone(trace), options)).toEqual(narrative);
        for (const text of [narrative.headline, ...narrative.sentences.map((sentence) => sentence.text)]) {
          expect(text).toMatch(language === 'en' ? /^[A-Z\d].*[a-z\d)]\.$/ : /^\S.*。$/);
          expect(text).not.toMatch(/ {2}| [,.;，。；]|[{}]|undefined|null|NaN/);
        }
      }),
    );
  });

  it('shows a call that is over midnight with both dates, and the date of a sentence of another day', () => {
    const trace = traceAt(
      ['2025-06-15T15:59:30Z', '2025-06-15T16:00:10Z'],
      ['2025-06-15T16:00:10Z', '2025-06-15T16:01:00Z'],
    );
    const { headline, sentences } = narrativeOf(trace, 'en', 'Asia/Shanghai');
    expect(headline).toContain('15 Jun 2025, 23:59:30 – 16 Jun 2025, 00:01:00 (UTC+8).');
    expect(sentences.map(({ text }) => text)).toEqual([
      'The customer waited 40 s in queue 2000.',
      '16 Jun 2025, 00:00:10: Agent 2001 talked with the customer for 50 s.',
    ]);
    expect(narrativeOf(trace, 'zh', 'Asia/Shanghai').sentences[1]?.text).toMatch(/^2025年6月16日 00:00:10，座席 2001 /);
    expect(narrativeOf(trace, 'en', 'UTC').sentences[1]?.text).toMatch(/^Agent 2001/);
  });

  it('shows both offsets of a call during which the clocks were changed', () => {
    const trace = traceAt(
      ['2025-10-26T00:59:30Z', '2025-10-26T00:59:40Z'],
      ['2025-10-26T00:59:40Z', '2025-10-26T01:00:30Z'],
    );
    expect(narrativeOf(trace, 'en', 'Europe/Berlin').headline).toContain(
      '26 Oct 2025, 02:59:30 (UTC+2) – 26 Oct 2025, 02:00:30 (UTC+1).',
    );
  });

  it.each([
    [0, '0 s', ' 0 秒'],
    [400, 'less than 1 s', '不到 1 秒'],
    [59_600, '1 min 0 s', ' 1 分 0 秒'],
    [3_605_000, '1 h 0 min 5 s', ' 1 小时 0 分 5 秒'],
    [90_061_000, '1 day 1 h 1 min 1 s', ' 1 天 1 小时 1 分 1 秒'],
    [360_000_000, '4 days 4 h 0 min 0 s', ' 4 天 4 小时 0 分 0 秒'],
  ])('tells %i ms as %s and%s', (ms, en, zh) => {
    const begin = '2025-06-15T08:00:00.000Z';
    const trace = traceAt([begin, new Date(Date.parse(begin) + ms).toISOString()]);
    expect(narrativeOf(trace, 'en').sentences[0]?.text).toBe(`The customer waited ${en} in queue 2000.`);
    expect(narrativeOf(trace, 'zh').sentences[0]?.text).toBe(`客户在技能队列 2000 排队${zh}。`);
  });

  it('tells of a call without times, and of one without records', () => {
    expect(narrativeOf(createTrace([createRecord()])).headline).toMatch(/No times are recorded\.$/);
    expect(narrativeOf(createTrace([])).sentences).toEqual([]);
  });

  it('lists a few agents by ID, and counts the others', () => {
    const joint = Array.from({ length: 7 }, (): [string, string] => ['2025-06-15T08:00:10Z', '2025-06-15T08:01:00Z']);
    const { sentences } = narrativeOf(traceAt(['2025-06-15T08:00:00Z', '2025-06-15T08:00:10Z'], ...joint));
    expect(sentences[1]?.text).toBe('Agents 2001, 2002, 2003, 2004 and 3 others talked with the customer for 50 s.');
  });

  it.each([
    '13987654321',
    '+86 139 8765 4321',
    'sip:ann@example.com',
    '2001 ended the call',
    '<b>2001',
    '２００１',
    '',
  ])('calls an agent with the device number %j an agent', (deviceNo) => {
    const record = createRecord({
      callIdNum: -1,
      deviceType: AGENT,
      deviceNo,
      callBegin: 1.75e12,
      callEnd: 1.75e12 + 9_000,
    });
    expect(narrativeOf(createTrace([record])).sentences[0]?.text).toBe('An agent talked with the customer for 9 s.');
  });
});

describe('textOf', () => {
  it.each(TEXT_FORMS)('never holds a phone number as %s, in either language', (form) => {
    fc.assert(
      fc.property(traces, fc.constantFrom(...LANGUAGES), (trace, language) => {
        const text = textOf(trace, form, language) + JSON.stringify(narrativeOf(trace, language));
        for (const number of NUMBERS) expect(text).not.toContain(number.slice(-7));
      }),
    );
  });

  it.each(TEXT_FORMS)('is refused as %s for a time zone that does not exist', (form) => {
    expect(() => textOf(createTrace([createRecord()]), form, 'en', 'Mars/Olympus')).toThrow(InvalidCallKeyError);
  });
});
