import type { AuthenticatedRequest } from '../access/authenticate-request.js';
import type { RateLimitResult } from '../access/rate-limit.js';
import type { TraceKey } from '../call/key.js';
import type { CallTrace } from '../call/trace.js';
import type { TraceLoader } from '../loader.js';
import type { Span } from '../tracing/span.js';
import type { GraphContext } from './context.js';

/** Creates the loader of one request, for cached or refreshed traces. Called at most once for each, at its first use. */
export type LoaderOf = (refresh: boolean) => TraceLoader;

/** Returns the context of one request. It is cheap: parts that an answer from memory does not need are created at their first use. */
export function createContext(
  requestId: string,
  authenticated: AuthenticatedRequest,
  loaderOf: LoaderOf,
  isTooLate: () => boolean,
): GraphContext {
  return new RequestContext(requestId, authenticated, isTooLate, {
    loaderOf,
    operationName: null,
    outcomes: [],
    isStorable: false,
  });
}

/** What the copies of a context share. */
interface Shared {
  readonly loaderOf: LoaderOf;
  traces?: TraceLoader;
  refreshedTraces?: TraceLoader;
  operationName: string | null;
  outcomes: readonly string[];
  isStorable: boolean;
}

/** Apollo Server copies the own properties of a context for each operation, so properties set later live in `shared`. */
class RequestContext implements GraphContext {
  readonly requestId: string;
  readonly caller: AuthenticatedRequest['caller'];
  readonly answers: CallTrace[] = [];
  readonly failures: unknown[] = [];
  readonly numbersShown = new Set<TraceKey>();
  cost = 0;
  span: Span | null = null;
  traceparent: GraphContext['traceparent'] = undefined;
  points: RateLimitResult | null;
  readonly isTooLate: () => boolean;
  readonly shared: Shared;

  constructor(requestId: string, { caller, points }: AuthenticatedRequest, isTooLate: () => boolean, shared: Shared) {
    this.requestId = requestId;
    this.caller = caller;
    this.points = points;
    this.isTooLate = isTooLate;
    this.shared = shared;
  }

  get traces(): TraceLoader {
    return (this.shared.traces ??= this.shared.loaderOf(false));
  }

  get refreshedTraces(): TraceLoader {
    this.shared.isStorable = false; // a stored answer would not be a refresh for the next client
    return (this.shared.refreshedTraces ??= this.shared.loaderOf(true));
  }

  get operationName(): string | null {
    return this.shared.operationName;
  }

  set operationName(name: string | null) {
    this.shared.operationName = name;
  }

  get outcomes(): readonly string[] {
    return this.shared.outcomes;
  }

  set outcomes(codes: readonly string[]) {
    this.shared.outcomes = codes;
  }

  get isStorable(): boolean {
    return this.shared.isStorable;
  }

  set isStorable(isStorable: boolean) {
    this.shared.isStorable = isStorable;
  }
}
