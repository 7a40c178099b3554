import { nameCall, UpstreamTimeoutError } from '../call/errors.js';
import { askOne, eachKey, type AskOptions, type FetchTraces } from '../call/fetch-traces.js';
import { traceKeyText, type TraceKey } from '../call/key.js';
import type { CallTrace } from '../call/trace.js';
import { beforeDeadline } from './before-deadline.js';
import type { StageDependencies } from './dependencies.js';

/** One request to the next stage, in flight or about to begin, and the number of its waiters. */
interface Flight {
  readonly answer: Promise<CallTrace | Error>;
  readonly controller: AbortController;
  /** The options for the next stage. The deadline is the latest of the waiters'. */
  readonly ask: AskOptions & {
    deadlineAt?: number | undefined;
    refresh?: boolean | undefined;
    span?: AskOptions['span'];
  };
  waiting: number;
  /** The mark of the invalidations when it began; undefined before that. */
  beganAt: number | undefined;
}

export interface SingleFlightOptions extends Pick<StageDependencies, 'invalidations' | 'clock'> {
  /** Called for each waiter that joins a request in flight. */
  readonly onJoin?: (() => void) | undefined;
}

/**
 * Returns a stage that has one request per key in flight: equal keys share it. A refresh, and a request after an
 * invalidation, does not join a request that began before; it waits for that one and then begins the next, which all
 * requests that arrive meanwhile share. Each waiter leaves at its own deadline or when its client disconnects
 * (UpstreamTimeoutError); the request is aborted when the last waiter has left.
 */
export function withSingleFlight(next: FetchTraces, options: SingleFlightOptions): FetchTraces {
  const { invalidations, clock, onJoin } = options;
  /** The latest flight of each key: the one that began last or begins next. */
  const flights = new Map<string, Flight>();
  /** The abort reason that tells the next stages that the deadline passed, not that a client left. */
  const timeIsUp = new DOMException('the last waiter had no more time', 'TimeoutError');
  return eachKey(join);

  async function join(key: TraceKey, ask: AskOptions): Promise<CallTrace | Error> {
    if (ask.signal?.aborted || (ask.deadlineAt ?? Infinity) <= clock.monotonic()) return abandonedError(key);
    const keyText = traceKeyText(key);
    const last = flights.get(keyText);
    const joins = last !== undefined && isOpenTo(last, keyText, ask);
    if (joins) onJoin?.();
    if (joins) ask.span?.countJoin();
    const flight = joins ? last : start(keyText, key, ask, last);
    // A flight that has not begun yet becomes a refresh for all its waiters if one of them wants a refresh.
    if (flight.beganAt === undefined && ask.refresh) flight.ask.refresh = true;
    flight.waiting += 1;
    flight.ask.deadlineAt = later(flight.ask.deadlineAt, ask.deadlineAt);
    const wait = joins ? ask.span?.child('wait for answer', {}, { link: flight.ask.span }) : undefined;
    flight.ask.span ??= ask.span;
    const result = (await beforeDeadline(flight.answer, ask, clock)) ?? abandonedError(key);
    wait?.end();
    flight.waiting -= 1;
    if (flight.waiting === 0) flight.controller.abort(ask.signal?.aborted ? ask.signal.reason : timeIsUp);
    // A refresh bypasses the caches. If it fails, waiters that did not want a refresh ask again, caches included.
    return result instanceof Error && flight.ask.refresh && !ask.refresh ? join(key, ask) : result;
  }

  function isOpenTo({ controller, beganAt }: Flight, keyText: string, ask: AskOptions): boolean {
    if (controller.signal.aborted) return false;
    return beganAt === undefined || (!ask.refresh && invalidations.holdsSince(keyText, beganAt));
  }

  /** Returns a flight that begins when the previous one has ended, at the earliest after the current microtask. */
  function start(keyText: string, key: TraceKey, { refresh, deadlineAt, span }: AskOptions, before?: Flight): Flight {
    const controller = new AbortController();
    // The work belongs to the trace of the first waiter that is traced; the others link to it.
    const ask = { refresh, deadlineAt, signal: controller.signal, span };
    const askAfterPrevious = async (): Promise<CallTrace | Error> => {
      await before?.answer;
      flight.beganAt = invalidations.mark();
      const answer = controller.signal.aborted ? abandonedError(key) : await askOne(next, key, ask);
      if (flights.get(keyText) === flight) flights.delete(keyText);
      return answer;
    };
    const flight: Flight = { answer: askAfterPrevious(), controller, ask, waiting: 0, beganAt: undefined };
    flights.set(keyText, flight);
    return flight;
  }
}

/** Returns the later of two deadlines; no deadline (undefined) is the latest. */
function later(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : Math.max(a, b);
}

function abandonedError(key: TraceKey): Error {
  return nameCall(new UpstreamTimeoutError('no answer within the time this request had'), key);
}
