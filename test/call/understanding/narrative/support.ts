import fc from 'fast-check';
import { CALL_TYPES } from '../../../../src/call/codes/call-type.js';
import { createCodeTables } from '../../../../src/call/codes/codes.js';
import { REASONS } from '../../../../src/call/codes/reason.js';
import type { CallTrace } from '../../../../src/call/trace.js';
import type { Language } from '../../../../src/call/understanding/narrative/catalogue.js';
import { createNarrator, type TextForm } from '../../../../src/call/understanding/narrative/narrator.js';
import type { Narrative } from '../../../../src/call/understanding/narrative/sentences.js';
import { DEFAULT_READINGS, understand } from '../../../../src/call/understanding/understand.js';
import { BEGAN_AT, createRecord, createTrace } from '../../../fixtures/records.js';

const narrator = createNarrator(createCodeTables());

/** A trace as it is told, in English and UTC unless the test says more. */
export function narrativeOf(trace: CallTrace, language: Language = 'en', timeZone = 'UTC'): Narrative {
  return narrator.narrate(understand(trace, DEFAULT_READINGS), trace, { language, timeZone });
}

/** A trace as text. */
export function textOf(trace: CallTrace, as: TextForm, language: Language = 'en', timeZone = 'UTC'): string {
  return narrator.textOf(understand(trace, DEFAULT_READINGS), trace, { as, language, timeZone });
}

/** Phone numbers that records hold; no time, ID or code holds the last seven digits of one. */
export const NUMBERS = ['13987654321', '02187651234'] as const;
const [CALLER, CALLEE] = NUMBERS;

/** Device numbers: IDs, phone numbers where an ID should be, and markup. */
const DEVICE_NOS = [
  '101',
  '2001',
  '2002',
  'A-7',
  CALLER,
  `+${CALLEE}`,
  `sip:${CALLER}@example.com`,
  '=1+1',
  '<b>;#end',
  '0',
  null,
];

const code = (codes: readonly number[]) => fc.constantFrom(null, ...codes, 9_001);
const instant = fc.option(fc.integer({ min: 0, max: 900 }).map((second) => BEGAN_AT + second * 500));

const record = fc.record({
  callIdNum: fc.constantFrom(1, 2, 3, 4, 5, 6, -1),
  mediaType: fc.constantFrom(null, 4, 5, 17),
  callerNo: fc.constantFrom(null, CALLER),
  calleeNo: fc.constantFrom(null, CALLEE),
  waitBegin: instant,
  ackBegin: instant,
  callBegin: instant,
  callEnd: instant,
  deviceType: fc.constantFrom(null, 1, 2, 2, 2, 3, 5, 7, 8, 11, 15, 99),
  deviceNo: fc.constantFrom(...DEVICE_NOS),
  deviceIn: fc.constantFrom(null, 'DEVICE_AGENT', `from ${CALLER}`, '@SUM(A1)'),
  callType: code(CALL_TYPES.map((row) => row.code)),
  releaseCause: code([0, 1, 4, 8, 49, 256, 359, 531, 1281]),
  enterReason: code(REASONS.map((row) => row.code)),
  leaveReason: code(REASONS.map((row) => row.code)),
  currentSkillId: fc.constantFrom(null, '0', '101', '102'),
});

/** Traces of any records whatever, asked for while the call goes on, or days later. */
export const traces: fc.Arbitrary<CallTrace> = fc
  .tuple(fc.array(record, { minLength: 1, maxLength: 9 }), fc.constantFrom(0, 300_000, 300_000_000))
  .map(([records, laterMs]) => createTrace(records.map(createRecord), { askedAt: BEGAN_AT + laterMs }));
