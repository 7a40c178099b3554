import type { CallMonth } from '../../src/call/month.js';
import { isWhole, RULES, type Leg } from './rules.js';

/** 2025-07-01T02:00:00Z, when every run begins: two hours into a month. Unit: ms since 1970-01-01 UTC. */
export const BEGINS_AT = Date.UTC(2025, 6, 1, 2);

const APRIL = '2025-04';
const JUNE = '2025-06';
const JULY = '2025-07';
/** No month: legs that the contact centre has not written yet. */
const UNWRITTEN = 'unwritten';
const NONE: readonly Leg[] = [];

/** The legs of a call, by the month's table in which they lie. */
export type Tables = Readonly<Partial<Record<string, readonly Leg[]>>>;

/** What comes next in a call at an instant (ms, the contact centre's clock); null if nothing may change any more. */
type Event = (legs: Tables, at: number) => Tables | null;

/** A call, and all that will ever happen to it. */
export interface Story {
  readonly callId: string;
  /** The month that clients ask for. */
  readonly month: CallMonth;
  /** What clients give as `logDate`, where the ID does not tell when the call began. Unit: ms since 1970-01-01 UTC. */
  readonly loggedAt?: number;
  /** When the call began, if its ID tells. Unit: ms since 1970-01-01 UTC. */
  readonly startedAt: number | null;
  /** Whether it lies in one month, and neither neighbour has to be asked. */
  readonly isInOneMonth: boolean;
  /** What is there when a run begins. */
  readonly before: Tables;
  readonly events: readonly Event[];
}

const leg = (number: number, beginAt: number, endAt: number | null): Leg => ({ number, beginAt, endAt, edition: 0 });
const ended = (one: Leg | undefined, at: number): Leg[] => (one ? [{ ...one, endAt: one.endAt ?? at }] : []);
const idAt = (at: number, number: number): string => `${Math.floor(at / 1_000)}-${number}`;
const head = (callId: string): number => Number(callId.split('-', 1)[0]) * 1_000;

/** A whole call is corrected, which happens within its settle window or never. */
const corrected: Event = (tables, at) => {
  const all = Object.values(tables).flat() as Leg[];
  const endedAt = Math.max(...all.map(({ endAt }) => endAt ?? Infinity));
  if (!isWhole(all) || at >= endedAt + RULES.settleMs) return null;
  return Object.fromEntries(
    Object.entries(tables).map(([month, legs = []]) => [
      month,
      legs.map((one) => ({ ...one, edition: one.edition + 1 })),
    ]),
  );
};

function told(callId: string, month: string, before: Tables, events: readonly Event[]): Story {
  return { callId, month: month as CallMonth, startedAt: head(callId), isInOneMonth: true, before, events };
}

/** All calls of the model; a run takes a few of them. */
export const STORIES = {
  /** Its second leg is written after the final record: a hole in the numbers meanwhile. */
  withHole: told(idAt(BEGINS_AT - 60_000, 1), JULY, {}, [
    (_, at) => ({ [JULY]: [leg(1, at, null)] }),
    ({ [JULY]: [one] = NONE }, at) => ({ [JULY]: [...ended(one, at), leg(2, at, null)] }),
    ({ [JULY]: [one, two] = NONE }, at) => ({
      [JULY]: [...ended(one, at), leg(3, at - 1_000, at), leg(-1, at - 1_000, at)],
      [UNWRITTEN]: ended(two, at - 1_000),
    }),
    ({ [JULY]: july = NONE, [UNWRITTEN]: late = NONE }) => ({ [JULY]: [...july, ...late] }),
    corrected,
  ]),
  /** Its first leg has no end yet when the final record is written. */
  withOpenLeg: told(idAt(BEGINS_AT - 50_000, 2), JULY, {}, [
    (_, at) => ({ [JULY]: [leg(1, at, null)] }),
    ({ [JULY]: [one] = NONE }, at) => ({ [JULY]: [...(one ? [one] : []), leg(-1, at - 1_000, at)] }),
    ({ [JULY]: [one, last] = NONE }, at) => ({ [JULY]: [...ended(one, at), ...(last ? [last] : [])] }),
    corrected,
  ]),
  /** Nothing was heard of it for an hour, and its final record is still to come. */
  silent: told(idAt(BEGINS_AT - 3_600_000, 3), JULY, { [JULY]: [leg(1, BEGINS_AT - 3_600_000, null)] }, [
    ({ [JULY]: [one] = NONE }, at) => ({ [JULY]: [...ended(one, at), leg(-1, at - 1_000, at)] }),
    corrected,
  ]),
  /** It is not there yet. */
  notYetThere: told(idAt(BEGINS_AT - 20_000, 4), JULY, {}, [
    (_, at) => ({ [JULY]: [leg(1, at - 1_000, at), leg(-1, at - 1_000, at)] }),
    corrected,
  ]),
  /** It was over long ago. */
  old: told(idAt(Date.UTC(2025, 3, 10, 9), 5), APRIL, oldCall(Date.UTC(2025, 3, 10, 9)), []),
  /** It was never there, in a month long over. */
  neverThere: told(idAt(Date.UTC(2025, 3, 11, 9), 404), APRIL, {}, []),
  /** Asked for in the month that has begun, it lies in the one before; its ID does not tell. */
  inMonthBefore: {
    callId: 'chat-7',
    month: JULY as CallMonth,
    loggedAt: BEGINS_AT - 3 * 3_600_000,
    startedAt: null,
    isInOneMonth: false,
    before: { [JUNE]: [leg(1, BEGINS_AT - 3 * 3_600_000, null)] },
    events: [({ [JUNE]: [one] = NONE }) => ({ [JUNE]: monthsEnd(one) })],
  },
  /** It goes on across the end of a month. */
  acrossMonths: {
    ...told(idAt(BEGINS_AT - 2 * 3_600_000 - 60_000, 8), JUNE, { [JUNE]: [leg(1, BEGINS_AT - 7_260_000, null)] }, [
      ({ [JUNE]: [one] = NONE }, at) => ({ [JUNE]: ended(one, at), [JULY]: [leg(2, at, null)] }),
      ({ [JUNE]: june = NONE, [JULY]: [two] = NONE }, at) => ({
        [JUNE]: june,
        [JULY]: [...ended(two, at), leg(-1, at - 1_000, at)],
      }),
      corrected,
    ]),
    isInOneMonth: false,
  },
} as const satisfies Record<string, Story>;

/** The name of a story. */
export type StoryName = keyof typeof STORIES;

export const STORY_NAMES = Object.keys(STORIES) as StoryName[];

/** Whether nothing more is written about a month: it ended over a day before every run. */
export function isPastMonth(month: string): boolean {
  return month < JUNE;
}

function oldCall(at: number): Tables {
  return { [APRIL]: [leg(1, at, at + 60_000), leg(-1, at, at + 60_000)] };
}

/** Both legs of a call that ended before its month did. */
function monthsEnd(one: Leg | undefined): Leg[] {
  const at = BEGINS_AT - 2 * 3_600_000 - 1_000;
  return [...ended(one, at), leg(-1, at - 1_000, at)];
}
