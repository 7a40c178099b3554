/**
 * The freshness of a trace by the table of its states in docs/upstream.md, written apart from the code that is
 * tested. Times are short, so that runs meet every limit. Unit: ms.
 */
export const RULES = {
  settledMs: 40_000,
  keepSettledMs: 120_000,
  settleMs: 5_000,
  openMs: 4_000,
  keepOpenMs: 15_000,
  quietAfterMs: 30_000,
  quietMs: 20_000,
  quietPastMonthMs: 60_000,
  notFoundMs: 3_000,
  maxNotFoundMs: 20_000,
  edgeMs: 12 * 3_600_000,
} as const;

/** A stay at one device, as the contact centre of the model has it. Instants by the contact centre's clock. */
export interface Leg {
  /** 1, 2, …; -1 for the final record. */
  readonly number: number;
  readonly beginAt: number;
  /** Null while the call is there. */
  readonly endAt: number | null;
  /** Raised when the contact centre corrects the record. */
  readonly edition: number;
}

/** What is known of a call in one month's table. */
export interface Known {
  readonly legs: readonly Leg[];
  /** When it was asked for, by the contact centre's clock. Unit: ms since 1970-01-01 UTC. */
  readonly askedAt: number;
  /** The month is over, and so long that nothing is written about it any more. */
  readonly isPastMonth: boolean;
  /** Its first legs may lie in the month before. */
  readonly mayBeginBefore: boolean;
  /** When the call began, if its ID tells. Unit: ms since 1970-01-01 UTC. */
  readonly startedAt: number | null;
}

/** What is there tells of the whole call: the final record, an end of every leg, no number left out. */
export function isWhole(legs: readonly Leg[], mayBeginBefore = false): boolean {
  const numbers = legs.map(({ number }) => number).filter((number) => number > 0);
  const first = mayBeginBefore ? Math.min(...numbers) : 1;
  const complete = numbers.every((_, index) => numbers.includes(index + first));
  return complete && legs.some(({ number }) => number === -1) && legs.every(({ endAt }) => endAt !== null);
}

/** The call is whole and its settle window is over: nothing of it changes any more. */
export function isSettled({
  legs,
  askedAt,
  mayBeginBefore,
}: Pick<Known, 'legs' | 'askedAt'> & Partial<Known>): boolean {
  return isWhole(legs, mayBeginBefore) && legs.every(({ endAt }) => (endAt ?? Infinity) + RULES.settleMs <= askedAt);
}

/** How long what is known is as good as asking. `timesEmpty`: how many times in a row the call was not found. Unit: ms. */
export function freshForMs(known: Known, timesEmpty: number): number {
  const { legs, askedAt, isPastMonth, startedAt, mayBeginBefore } = known;
  if (legs.length === 0) {
    if (isPastMonth) return RULES.settledMs;
    const grown = Math.min(RULES.notFoundMs * 2 ** (timesEmpty - 1), RULES.maxNotFoundMs);
    return startedAt === null ? grown : Math.min(grown, Math.max(1_000, (askedAt - startedAt) / 10));
  }
  if (isSettled(known)) return RULES.settledMs;
  const silentMs = askedAt - lastSignOfLife(legs);
  if (!isWhole(legs, mayBeginBefore) && silentMs >= RULES.quietAfterMs)
    return isPastMonth ? RULES.quietPastMonthMs : RULES.quietMs;
  const isOver = legs.some(({ number }) => number === -1);
  return isOver ? Math.min(RULES.quietMs, Math.max(RULES.openMs, silentMs / 10)) : RULES.openMs;
}

/** How long what is known may stand in for a contact centre that fails. Unit: ms. */
export function usableForMs(known: Known): number {
  const isQuiet =
    !isWhole(known.legs, known.mayBeginBefore) && known.askedAt - lastSignOfLife(known.legs) >= RULES.quietAfterMs;
  return isSettled(known) || isQuiet ? RULES.keepSettledMs : RULES.keepOpenMs;
}

function lastSignOfLife(legs: readonly Leg[]): number {
  return Math.max(...legs.flatMap(({ beginAt, endAt }) => [beginAt, endAt ?? -Infinity]));
}
