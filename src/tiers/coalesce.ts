import { UpstreamTimeoutError } from '../call/errors.js';
import { traceKeyText, type TraceKey } from '../call/key.js';
import type { AskOptions, CallTrace, FetchTraces } from '../call/trace.js';

/** One question under way, and how many wait for its answer. */
interface Flight {
  readonly answer: Promise<CallTrace | Error>;
  readonly controller: AbortController;
  /** As it was put to the next stage; the deadline follows the latest of those who have joined. */
  readonly ask: AskOptions & { deadlineAt?: number | undefined };
  waiting: number;
}

/**
 * Returns a stage in which equal keys under way at one time share one question to the next stage. Each asker leaves at
 * its own deadline or when its client goes away (UpstreamTimeoutError); the question is aborted when the last has left.
 * Every key goes on alone, so that a slow one holds up nobody who did not ask for it. `onJoin` is told of each asker
 * who finds its question under way.
 */
export function withCoalescing(
  next: FetchTraces,
  now: () => number,
  onJoin: () => void = () => undefined,
): FetchTraces {
  const flights = new Map<string, Flight>();

  return (keys, ask = {}) => Promise.all(keys.map((key) => join(key, ask)));

  async function join(key: TraceKey, ask: AskOptions): Promise<CallTrace | Error> {
    if (ask.signal?.aborted || (ask.deadlineAt ?? Infinity) <= now()) return leftError(key);
    // Who refreshes wants no cached trace; who does not must not share the failure of a refresh that passes the caches by.
    const flightText = `${ask.refresh ? 'refresh ' : ''}${traceKeyText(key)}`;
    const joined = flights.get(flightText);
    if (joined) onJoin();
    const flight = joined ?? start(flightText, key, ask);
    flight.waiting += 1;
    flight.ask.deadlineAt = later(flight.ask.deadlineAt, ask.deadlineAt);
    try {
      return await waitFor(flight.answer, key, ask, now);
    } finally {
      flight.waiting -= 1;
      if (flight.waiting === 0) {
        if (flights.get(flightText) === flight) flights.delete(flightText);
        flight.controller.abort(ask.signal?.aborted ? ask.signal.reason : TIME_IS_UP);
      }
    }
  }

  function start(flightText: string, key: TraceKey, { refresh, deadlineAt }: AskOptions): Flight {
    const controller = new AbortController();
    const ask = { refresh, deadlineAt, signal: controller.signal };
    const answer = next([key], ask).then(([result]) => result ?? new Error('no answer for the key'));
    const flight: Flight = { answer, controller, ask, waiting: 0 };
    flights.set(flightText, flight);
    return flight;
  }
}

/** The later of two deadlines; none is later than any. */
function later(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : Math.max(a, b);
}

/** The answer, or an UpstreamTimeoutError when the asker's deadline passes or its signal aborts. */
function waitFor(
  answer: Promise<CallTrace | Error>,
  key: TraceKey,
  ask: AskOptions,
  now: () => number,
): Promise<CallTrace | Error> {
  const { deadlineAt, signal } = ask;
  if (deadlineAt === undefined && signal === undefined) return answer;
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      stop();
      resolve(leftError(key));
    };
    const timer = deadlineAt === undefined ? undefined : setTimeout(leave, Math.max(0, deadlineAt - now()));
    const stop = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', leave);
    };
    signal?.addEventListener('abort', leave, { once: true });
    answer.finally(stop).then(resolve, reject);
  });
}

/**
 * Tells the stages below that it was the deadline that ended the question, and not a client that left. One for all, for
 * each question ends with it: those that were answered in time, too, whose signals are then let go.
 */
const TIME_IS_UP = new DOMException('the last who waited had no more time', 'TimeoutError');

function leftError(key: TraceKey): Error {
  return new UpstreamTimeoutError(`call ${key.callId} in VDN ${key.vdn}: no answer within the time this request had`);
}
