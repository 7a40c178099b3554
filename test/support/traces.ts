import type { FreshnessRules } from '../../src/call/freshness.js';
import { traceKeyText, type TraceKey } from '../../src/call/key.js';
import type { AskOptions, CallTrace, FetchTraces } from '../../src/call/trace.js';
import { BEGAN_AT, createKey, createRecord, createTrace } from '../fixtures/records.js';

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** When the traces of these builders were fetched: an hour after their call began. Unit: ms since 1970-01-01 UTC. */
export const FETCHED_AT = BEGAN_AT + HOUR_MS;

/** How long traces serve by default. */
export const FRESHNESS: FreshnessRules = {
  finalMs: 7 * DAY_MS,
  openMs: 10 * SECOND_MS,
  emptyMs: 30 * SECOND_MS,
  maxEmptyMs: 10 * MINUTE_MS,
  keepFinalMs: 30 * DAY_MS,
  keepOpenMs: HOUR_MS,
};

/** So many keys of different calls. */
export function createKeys(count: number): [TraceKey, TraceKey, TraceKey, ...TraceKey[]] {
  const key = (index: number): TraceKey => createKey({ callId: `1749974400-${1000 + index}` });
  return [key(0), key(1), key(2), ...Array.from({ length: count - 3 }, (_, index) => key(index + 3))];
}

/** The trace of a call that is over for good: three legs, recognisable by their `deviceNo`, which is the key's text. */
export function finalTrace(key: TraceKey, change: Partial<CallTrace> = {}): CallTrace {
  const last = createRecord({ callIdNum: -1, callBegin: BEGAN_AT + 2, callEnd: BEGAN_AT + 3, ...mark(key) });
  return createTrace([...openRecords(key), last], { key, final: true, ...change });
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
      return Promise.all(keys.map(reply));
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

/** The only answer to a question for one key. */
export async function answerFor(fetchTraces: FetchTraces, key: TraceKey, ask?: AskOptions): Promise<CallTrace | Error> {
  const [answer, ...others] = await fetchTraces([key], ask);
  if (answer === undefined || others.length > 0) throw new Error('one key got none or several answers');
  return answer;
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
