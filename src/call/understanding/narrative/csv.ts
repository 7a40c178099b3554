import type { CodeTables } from '../../codes/codes.js';
import { holdsNumber } from '../../phone-number.js';
import { firstInstant, type CallDetailRecord } from '../../trace.js';
import { shownDeviceNo } from './names.js';
import type { Telling } from './telling.js';
import type { ZoneClock } from './zone-clock.js';

/** Dictionaries that name the codes of a row. */
export type RowCodes = Pick<CodeTables, 'deviceType' | 'callType' | 'enterReason' | 'leaveReason' | 'releaseCause'>;

type Cell = string | number | null;
/** What a cell is made from. */
interface Row {
  readonly record: CallDetailRecord;
  readonly index: number;
  readonly codes: RowCodes;
  readonly clock: ZoneClock;
}

/** The columns, named as in the graph. No phone number: callerNo and calleeNo are not among them. */
const COLUMNS: readonly (readonly [name: string, cell: (row: Row) => Cell])[] = [
  ['position', ({ index }) => index + 1],
  ['callIdNum', ({ record }) => record.callIdNum],
  ['deviceType', ({ record, codes }) => codes.deviceType.nameOf(record.deviceType)],
  ['deviceTypeCode', ({ record }) => record.deviceType],
  ['deviceNo', ({ record }) => shownDeviceNo(record)],
  ['deviceIn', ({ record }) => shownDeviceIn(record)],
  ['startedAt', ({ record }) => isoText(firstInstant(record))],
  ['waitBegin', ({ record }) => isoText(record.waitBegin)],
  ['ackBegin', ({ record }) => isoText(record.ackBegin)],
  ['callBegin', ({ record }) => isoText(record.callBegin)],
  ['callEnd', ({ record }) => isoText(record.callEnd)],
  ['startedAtLocal', ({ record, clock }) => localText(clock, firstInstant(record))],
  ['callEndLocal', ({ record, clock }) => localText(clock, record.callEnd)],
  ['callType', ({ record, codes }) => codes.callType.nameOf(record.callType)],
  ['callTypeCode', ({ record }) => record.callType],
  ['enterReason', ({ record, codes }) => codes.enterReason.nameOf(record.enterReason)],
  ['enterReasonCode', ({ record }) => record.enterReason],
  ['leaveReason', ({ record, codes }) => codes.leaveReason.nameOf(record.leaveReason)],
  ['leaveReasonCode', ({ record }) => record.leaveReason],
  ['releaseCause', ({ record, codes }) => codes.releaseCause.nameOf(record.releaseCause)],
  ['releaseCauseCode', ({ record }) => record.releaseCause],
];

/** Returns the legs of a call as CSV by RFC 4180: a header, then one row for each leg. Lines end with CR LF. */
export function writeCsv({ trace, clock }: Telling, codes: RowCodes): string {
  const rows = trace.records.map((record, index) => COLUMNS.map(([, cell]) => cell({ record, index, codes, clock })));
  return [COLUMNS.map(([name]) => name), ...rows].map((cells) => `${cells.map(cellText).join(',')}\r\n`).join('');
}

/** With these at its beginning a spreadsheet takes a text for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

function cellText(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function shownDeviceIn({ deviceIn }: CallDetailRecord): string | null {
  return deviceIn === null || holdsNumber(deviceIn, true) ? null : deviceIn;
}

function isoText(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

/** ISO 8601 in the zone of the clock, to the second, with the offset: `2025-06-15T16:00:00+08:00`. */
function localText(clock: ZoneClock, at: number | null): string | null {
  if (at === null) return null;
  const { year, month, day, time, offset } = clock(at);
  const [, sign = '+', hours = '0', minutes = '0'] = /^UTC([+-])(\d+)(?::(\d+))?/.exec(offset) ?? [];
  const two = (part: number | string): string => String(part).padStart(2, '0');
  return `${year}-${two(month)}-${two(day)}T${time}${sign}${two(hours)}:${two(minutes)}`;
}
