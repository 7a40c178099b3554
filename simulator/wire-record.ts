import { createRandom, type Random } from './random.js';
import { FINAL, type TraceRecord } from './trace-record.js';

/** A record as it stands in a reply; a value left `undefined` is left out of it. */
export type WireRecord = Record<string, unknown>;

/** How one call's reply is spelled: the real thing is not consistent, but it is steady for a call. */
interface Habits {
  numbers: 'strings' | 'numbers' | 'mixed';
  order: 'ascending' | 'final first' | 'shuffled';
  /** What stands for a time that did not happen. */
  missingTime: 0 | -1 | '' | null | undefined;
  /** Whether the three capitals are written small, as in a sibling interface. */
  siblingCase: boolean;
}

/** The records in the wire's spelling, with the quirks that belong to this call. */
export function spellRecords(records: readonly TraceRecord[], identity: string): WireRecord[] {
  const random = createRandom(`spelling|${identity}`);
  const habits: Habits = {
    numbers: random.pick(['strings', 'strings', 'strings', 'numbers', 'mixed']),
    order: random.pick(['ascending', 'final first', 'shuffled']),
    missingTime: random.pick([0, -1, '', null, undefined]),
    siblingCase: random.chance(0.15),
  };
  return inOrder(records, habits.order, random).map((record) => spellRecord(record, habits, random));
}

function inOrder(records: readonly TraceRecord[], order: Habits['order'], random: Random): readonly TraceRecord[] {
  switch (order) {
    case 'ascending':
      return records;
    case 'final first':
      return [...records].sort((a, b) => Number(b.callIdNum === FINAL) - Number(a.callIdNum === FINAL));
    case 'shuffled':
      return random.shuffle(records);
  }
}

function spellRecord(record: TraceRecord, habits: Habits, random: Random): WireRecord {
  function number(value: number): string | number {
    const asText = habits.numbers === 'strings' || (habits.numbers === 'mixed' && random.chance(0.5));
    return asText ? String(value) : value;
  }
  function time(value: number | null): string | number | null | undefined {
    const shown = value ?? habits.missingTime;
    return typeof shown === 'number' ? number(shown) : shown;
  }
  // A code has no "did not happen" number: 0 is a code like any other.
  function code(value: number | null): string | number | null | undefined {
    if (value !== null) return number(value);
    return habits.missingTime === null ? null : undefined;
  }
  return {
    callId: record.callId,
    mediaType: code(record.mediaType),
    callIdNum: number(record.callIdNum),
    callerNo: record.callerNo,
    calleeNo: record.calleeNo,
    waitBegin: time(record.waitBegin),
    ackBegin: time(record.ackBegin),
    callBegin: time(record.callBegin),
    callEnd: time(record.callEnd),
    subCcNo: number(record.subCcNo),
    deviceType: code(record.deviceType),
    deviceNo: record.deviceNo,
    deviceIn: record.deviceIn,
    callType: code(record.callType),
    releaseCause: code(record.releaseCause),
    [habits.siblingCase ? 'enterReason' : 'EnterReason']: code(record.enterReason),
    [habits.siblingCase ? 'leaveReason' : 'LeaveReason']: code(record.leaveReason),
    [habits.siblingCase ? 'currentSkillId' : 'CurrentSkillID']: record.currentSkillId,
    subMediaType: code(record.subMediaType),
  };
}
