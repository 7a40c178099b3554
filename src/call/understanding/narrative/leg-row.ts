import { firstInstant, type CallDetailRecord } from '../../trace.js';
import { labelOf } from './names.js';
import { sentenceOf } from './messages.js';
import type { Telling } from './telling.js';
import { durationText } from './times.js';

/** The columns of a table of legs, in order. */
export const LEG_COLUMNS = ['position', 'device', 'begin', 'end', 'duration', 'leaveReason'] as const;
type Column = (typeof LEG_COLUMNS)[number];

/** One line of a table of legs: a text for each column, empty where nothing is known. */
export type LegRow = Readonly<Record<Column, string>>;

/** What codes mean, in one language. */
export type Meanings = ReadonlyMap<number, string>;

/** The line with the names of the columns. */
export function headOf({ say }: Telling): LegRow {
  const head = LEG_COLUMNS.map((column): [Column, string] => [column, sentenceOf(say(`table.${column}`))]);
  return Object.fromEntries(head) as LegRow;
}

/** Returns the legs of a call, one line each, in order. */
export function legRows(telling: Telling, reasons: Meanings): LegRow[] {
  const { say, clock, trace, understanding } = telling;
  const firstDay = clock(understanding.startedAt ?? 0).dayNumber;
  return trace.records.map((record, index) => {
    const begin = firstInstant(record);
    const end = record.callEnd;
    return {
      position: String(index + 1),
      device: sentenceOf(labelOf(say, record)),
      begin: timeText(begin),
      end: timeText(end),
      duration: begin !== null && end !== null && end >= begin ? durationText(say, end - begin) : '',
      leaveReason: reasonText(record),
    };
  });

  /** A time of day; of another day than the first, with how many days later that is: `00:00:12 +1`. */
  function timeText(at: number | null): string {
    if (at === null) return '';
    const { time, dayNumber } = clock(at);
    const later = dayNumber - firstDay;
    // Without a start no day is told that this one could be later than.
    if (later === 0 || understanding.startedAt === null) return time;
    return `${time} ${later > 0 ? '+' : ''}${later}`;
  }

  function reasonText({ leaveReason }: CallDetailRecord): string {
    return leaveReason === null ? '' : `${leaveReason} ${reasons.get(leaveReason) ?? say('table.unknownCode')}`;
  }
}
