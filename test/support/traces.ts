import type { Clock } from '../../src/call/clock.js';
import { askOne, type AskOptions, type FetchTraces } from '../../src/call/fetch-traces.js';
import { traceKeyText, type TraceKey } from '../../src/call/key.js';
import { lifeOf, type Dated, type Life, type LifeRules } from '../../src/call/life.js';
import { monthBounds } from '../../src/call/month.js';
import type { CallTrace } from '../../src/call/trace.js';
import { BEGAN_AT, createKey, createRecord, createTrace } from '../fixtures/records.js';

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** When the traces of these builders were asked for: an hour after their call began. Unit: ms since 1970-01-01 UTC. */
export const ASKED_AT = BEGAN_AT + HOUR_MS;

/** How long traces hold by default. */
export const LIFE_RULES: LifeRules = {
  settledMs: 7 * DAY_MS,
  keepSettledMs: 30 * DAY_MS,
  settleMs: 5 * MINUTE_MS,
  openMs: 10 * SECOND_MS,
  keepOpenMs: HOUR_MS,
  quietAfterMs: DAY_MS,
  quietMs: 10 * MINUTE_MS,
  quietPastMonthMs: DAY_MS,
  notFoundMs: 30 * SECOND_MS,
  maxNotFoundMs: 10 * MINUTE_MS,
  edgeMs: 12 * HOUR_MS,
  monthBoundsOf: ({ month }) => monthBounds(month, 'UTC'),
};

/** The life of a trace by the default rules. */
export function lifeByDefault(trace: Dated): Life {
  return lifeOf(trace, LIFE_RULES);
}

/** Two clocks that stand until they are moved. */
export interface TestClock extends Clock {
  /** Time passes: both clocks go on. */
  advance(ms: number): void;
  /** Somebody sets the wall clock; the monotonic one does not notice. */
  setWall(at: number): void;
}

/** Returns clocks that stand at an instant, the monotonic one at a million ms. */
export function createTestClock(at = ASKED_AT): TestClock {
  let wall = at;
  let monotonic = 1_000_000;
  return {
    wall: () => wall,
    monotonic: () => monotonic,
    advance(ms) {
      wall += ms;
      monotonic += ms;
    },
    setWall(to) {
      wall = to;
    },
  };
}

/** So many keys of different calls. */
export function createKeys(count: number): [TraceKey, TraceKey, TraceKey, ...TraceKey[]] {
  const key = (index: number): TraceKey => createKey({ callId: `1749974400-${1000 + index}` });
  return [key(0), key(1), key(2), ...Array.from({ length: count - 3 }, (_, index) => key(index + 3))];
}

/** The trace of a call that is settled: three legs, recognisable by their `deviceNo`, which is the key's text. */
export function finalTrace(key: TraceKey, change: Partial<CallTrace> = {}): CallTrace {
  const records = [1, 2, -1].map((callIdNum, index) =>
    createRecord({ callIdNum, callBegin: BEGAN_AT + index, callEnd: BEGAN_AT + index + 1, ...mark(key) }),
  );
  return createTrace(records, { key, ...change });
}

/** The trace of a call in progress: two legs, recognisable as those of a final trace are. */
export function openTrace(key: TraceKey, change: Partial<CallTrace> = {}): CallTrace {
  return createTrace(openRecords(key), { key, ...change });
}

/** The trace of a call that was not found. */
export function emptyTrace(key: TraceKey, change: Partial<CallTrace> = {}): CallTrace {
  return createTrace([], { key, ...change });
}

function openRecords(key: TraceKey) {
  return [1, 2].map((callIdNum) => createRecord({ callIdNum, callBegin: BEGAN_AT + callIdNum, ...mark(key) }));
}

function mark(key: TraceKey) {
  return { deviceNo: traceKeyText(key) };
}

/** What answers a key: a trace, or the failure it meets. */
export type Answer = (key: TraceKey) => CallTrace | Error;

/** A next stage that remembers what it was asked. */
export interface RecordingStage {
  readonly fetchTraces: FetchTraces;
  /** What it was asked, one entry for each time. */
  readonly batches: readonly { readonly keys: readonly TraceKey[]; readonly ask: AskOptions }[];
  /** The canonical texts of all keys it was asked for, in order. */
  readonly askedFor: readonly string[];
  /** How it answers from now on. */
  answerWith(answer: Answer): void;
  /** From now on it answers a key only when that is released, as it is to be answered then. */
  hold(): void;
  /** Answers what waits for this key, or all that waits. */
  release(key?: TraceKey): void;
}

/** A next stage that answers so, at once. */
export function upstreamOf(answer: Answer): RecordingStage {
  const batches: { keys: readonly TraceKey[]; ask: AskOptions }[] = [];
  let waiting: { text: string; go: () => void }[] = [];
  let holding = false;

  function reply(key: TraceKey): Promise<CallTrace | Error> {
    if (!holding) return Promise.resolve(answer(key));
    return new Promise((resolve) => {
      waiting.push({ text: traceKeyText(key), go: () => resolve(answer(key)) });
    });
  }

  return {
    fetchTraces: (keys, ask = {}) => {
      batches.push({ keys, ask });
      return keys.map(reply);
    },
    batches,
    get askedFor() {
      return batches.flatMap(({ keys }) => keys.map(traceKeyText));
    },
    answerWith(change) {
      answer = change;
    },
    hold() {
      holding = true;
    },
    release(key) {
      const released = waiting.filter(({ text }) => key === undefined || text === traceKeyText(key));
      waiting = waiting.filter((one) => !released.includes(one));
      released.forEach(({ go }) => go());
    },
  };
}

/** The answer to a question for one key. */
export function answerFor(fetchTraces: FetchTraces, key: TraceKey, ask: AskOptions = {}): Promise<CallTrace | Error> {
  return askOne(fetchTraces, key, ask);
}

/** The same, which must be a trace. */
export async function traceFor(fetchTraces: FetchTraces, key: TraceKey, ask?: AskOptions): Promise<CallTrace> {
  const answer = await answerFor(fetchTraces, key, ask);
  if (answer instanceof Error) throw answer;
  return answer;
}

/** Fulfils when everything has run that was ready to run and waits for no timer and no network. */
export function quiet(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
