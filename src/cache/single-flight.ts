import { nameCall, UpstreamTimeoutError } from '../call/errors.js';
import { askOne, eachKey, type AskOptions, type FetchTraces } from '../call/fetch-traces.js';
import { traceKeyText, type TraceKey } from '../call/key.js';
import type { CallTrace } from '../call/trace.js';
import { beforeDeadline } from './before-deadline.js';
import type { StageDependencies } from './dependencies.js';

/** One question to the next stage, under way or about to begin, and how many wait for its answer. */
interface Flight {
  readonly answer: Promise<CallTrace | Error>;
  readonly controller: AbortController;
  /** As it is put to the next stage. The deadline follows the latest of the waiters. */
  readonly ask: AskOptions & { deadlineAt?: number | undefined; refresh?: boolean | undefined };
  waiting: number;
  /** What had been invalidated when it began; undefined until then. */
  beganAt: number | undefined;
}

export interface SingleFlightOptions extends Pick<StageDependencies, 'invalidations' | 'clock'> {
  /** Told of each waiter that joins a question under way. */
  readonly onJoin?: (() => void) | undefined;
}

/**
 * Returns a stage in which a key is asked for once at a time: equal keys share one question to the next stage. A refresh,
 * and whoever asks after an invalidation, takes nothing that was begun before; it waits for the question under way and
 * then begins the next one, which all who came meanwhile share. Each waiter leaves at its own deadline or when its client
 * goes away (UpstreamTimeoutError); the question is aborted when the last has left.
 */
export function withSingleFlight(next: FetchTraces, options: SingleFlightOptions): FetchTraces {
  const { invalidations, clock, onJoin } = options;
  /** The question of a key that began last, or will begin next. */
  const flights = new Map<string, Flight>();
  /** Tells the stages below that time ended the question, and not a client that left. */
  const timeIsUp = new DOMException('the last waiter had no more time', 'TimeoutError');
  return eachKey(join);

  async function join(key: TraceKey, ask: AskOptions): Promise<CallTrace | Error> {
    if (ask.signal?.aborted || (ask.deadlineAt ?? Infinity) <= clock.monotonic()) return leftError(key);
    const keyText = traceKeyText(key);
    const last = flights.get(keyText);
    const joins = last !== undefined && isOpenTo(last, keyText, ask);
    if (joins) onJoin?.();
    const flight = joins ? last : start(keyText, key, ask, last);
    // One that has begun is a refresh or not; one that is about to begin becomes one for all if any of them wants it.
    if (flight.beganAt === undefined && ask.refresh) flight.ask.refresh = true;
    flight.waiting += 1;
    flight.ask.deadlineAt = later(flight.ask.deadlineAt, ask.deadlineAt);
    const result = (await beforeDeadline(flight.answer, ask, clock)) ?? leftError(key);
    flight.waiting -= 1;
    if (flight.waiting === 0) flight.controller.abort(ask.signal?.aborted ? ask.signal.reason : timeIsUp);
    // A refresh passes the caches by and fails without them; who did not want one asks once more, for them as well.
    return result instanceof Error && flight.ask.refresh && !ask.refresh ? join(key, ask) : result;
  }

  function isOpenTo({ controller, beganAt }: Flight, keyText: string, ask: AskOptions): boolean {
    if (controller.signal.aborted) return false;
    return beganAt === undefined || (!ask.refresh && invalidations.holdsSince(keyText, beganAt));
  }

  /** A question that begins when the one before it has ended, at the earliest behind this turn. */
  function start(keyText: string, key: TraceKey, { refresh, deadlineAt }: AskOptions, before?: Flight): Flight {
    const controller = new AbortController();
    const ask = { refresh, deadlineAt, signal: controller.signal };
    const askInTurn = async (): Promise<CallTrace | Error> => {
      await before?.answer;
      flight.beganAt = invalidations.mark();
      const answer = controller.signal.aborted ? leftError(key) : await askOne(next, key, ask);
      if (flights.get(keyText) === flight) flights.delete(keyText);
      return answer;
    };
    const flight: Flight = { answer: askInTurn(), controller, ask, waiting: 0, beganAt: undefined };
    flights.set(keyText, flight);
    return flight;
  }
}

/** The later of two deadlines; none is later than any. */
function later(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : Math.max(a, b);
}

function leftError(key: TraceKey): Error {
  return nameCall(new UpstreamTimeoutError('no answer within the time this request had'), key);
}
