import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphQLSchema } from 'graphql';
import type { Caller } from '../../access/caller.js';
import type { RateLimiter, Taken } from '../../access/rate-limit.js';
import type { CallRequest, KeyRules } from '../../call/key.js';
import { createKnownKeys, type KnownKey } from './known-keys.js';
import type { CallTrace } from '../../call/trace.js';
import type { GraphContext } from '../context.js';
import type { Limits } from '../limits/limits.js';
import type { Audit } from '../../observability/audit.js';
import { REQUEST_COST, type AuthenticatedRequest } from '../../access/authentication.js';
import type { OperationObserver } from '../observer.js';
import { concatenate, numbersShownBy, type Pieces } from './answer.js';
import { createViewCache } from './view-cache.js';
import { createKnownPlans, type Question } from './known-plans.js';
import type { Root } from './plan.js';
import type { View } from './view.js';

export interface FastPathOptions {
  readonly schema: GraphQLSchema;
  readonly keyRules: KeyRules;
  readonly held: HeldTraces;
  readonly limits: Limits;
  /** Most keys of one `calls`. */
  readonly maxKeys: number;
  readonly points: RateLimiter | null;
  readonly observer: OperationObserver;
  readonly audit: Audit;
}

/** The traces that answer without anybody being asked. */
export interface HeldTraces {
  /** The trace of a key if it is in memory, fresh now (ms since 1970-01-01 UTC) and whole. */
  get(key: KnownKey, now: number): CallTrace | undefined;
  /** Tells how many bytes are kept beside a trace, from now on and for as long as it is held. */
  weigh(key: KnownKey, trace: CallTrace, bytes: number): void;
}

/** A request as it came: its body as JSON. */
export interface FastPathRequest {
  readonly body: unknown;
  /** Unit: bytes. */
  readonly bodyBytes: number;
  readonly requestId: string;
  readonly visitor: AuthenticatedRequest;
  /** What the plain way would start with: made when it is first asked for, and the same each time. */
  readonly context: () => GraphContext;
}

export interface FastPath {
  /**
   * The body of the answer (status 200, no errors); null: the plain way has to answer, with the request's context,
   * in which stands what the lane has found out already. At once if all calls are in memory.
   */
  answer(request: FastPathRequest): Pieces | null | Promise<Pieces | null>;
  /** Learns from the plain way which documents may be asked. */
  readonly plugin: ApolloServerPlugin<GraphContext>;
}

/**
 * The fast lane: answers what dashboards ask all day, the same documents about other calls, most of which are over and
 * in memory.
 *
 * The plain way (Apollo Server and graphql-js) reads a document, checks it, and walks through it field by field, for
 * each request anew. Once it has answered a document without complaint, the lane compiles a *plan* of it: which calls
 * it asks for, and what it shows of each. What a plan shows of one trace is a *view*: the bytes of its JSON, made by the
 * resolvers of the schema and kept beside the trace in memory for as long as that is held. An answer is then a few
 * bytes of names, and views one after the other.
 *
 * If one of its calls is not in memory, a request is answered from what the loader of its context brings, down the same
 * stages as in the plain way: for all its calls, so that the plain way, if it must answer after all, does so from the same.
 *
 * The lane answers only when all is as usual: a document known to be good, variables of the plainest form, calls that
 * the caller may see, and not one of them failed. In every other case it gives way, and the plain way answers as if
 * there were no lane; what was loaded by then is not asked for again. So the lane has no error messages; and whoever
 * doubts it turns it off (`FAST_PATH=false`) and gets the same bytes.
 *
 * Nothing is left out for speed: authentication and the request's own points come before it (`gate.ts`), and the
 * grants, the cost, the points, the masks, the audit and the metrics are in `answer` below.
 */
export function createFastPath(options: FastPathOptions): FastPath {
  const { keyRules, held, points, observer, audit } = options;
  const plans = createKnownPlans(options);
  const knownKey = createKnownKeys(keyRules);
  const cachedView = createViewCache((key, trace, bytes) => held.weigh(key, trace, bytes));

  return {
    answer(request) {
      const startedAt = performance.now();
      const question = plans.read(request.body, request.bodyBytes);
      if (!question) return fellBack(request, null);
      const rest = question.cost - REQUEST_COST;
      const taken = points && rest > 0 ? points.take(request.visitor.caller.bucket, rest) : null;
      if (taken instanceof Promise) return taken.then((late) => find(question, request, late, startedAt));
      return find(question, request, taken, startedAt);
    },
    plugin: {
      requestDidStart: () =>
        Promise.resolve({
          willSendResponse: ({ source, queryHash, document, operation, response, metrics }) => {
            if (source && document && operation && response.http.status === undefined)
              plans.learn(source, metrics.persistedQueryHit ? queryHash : undefined, document);
            return Promise.resolve();
          },
        }),
    },
  };

  /** `taken`: what became of taking the points, where that was tried; it is not to be tried once more. */
  function fellBack({ context }: FastPathRequest, taken: Taken | null): null {
    if (taken) context().taken = taken;
    observer.fastPath('not_compiled');
    return null;
  }

  /** The answer: at once if all calls are in memory, otherwise when the others have been loaded; null if one cannot be had. */
  function find(
    question: Question,
    request: FastPathRequest,
    taken: Taken | null,
    startedAt: number,
  ): Pieces | null | Promise<Pieces | null> {
    if (taken?.allowed === false) return fellBack(request, taken);
    const { caller } = request.visitor;
    const now = keyRules.now();
    // Views alone are held on to, which are old: keys put into a list would cost the garbage collector more than all the rest.
    const views: View[] = [];
    for (const { root, requests } of question.fields) {
      for (const asked of requests) {
        const key = keyOf(asked, caller, now);
        if (!key) return fellBack(request, taken);
        const trace = held.get(key, now);
        if (!trace) return findLater(question, request, taken, startedAt);
        const view = cachedView(root, key, trace, caller.seesNumbers);
        if (!view) return fellBack(request, taken);
        views.push(view);
      }
    }
    return write(question, views, request, startedAt);
  }

  async function findLater(
    question: Question,
    request: FastPathRequest,
    taken: Taken | null,
    startedAt: number,
  ): Promise<Pieces | null> {
    const { caller } = request.visitor;
    const now = keyRules.now();
    const places: Place[] = [];
    for (const { root, requests } of question.fields) {
      for (const asked of requests) {
        const key = keyOf(asked, caller, now);
        if (!key) return fellBack(request, taken);
        places.push({ root, key });
      }
    }
    const views = await Promise.all(places.map((place) => viewLater(place, request)));
    return areAll(views) ? write(question, views, request, startedAt) : fellBack(request, taken);
  }

  /** The key of a call that the caller may ask for; null if that is for the plain way to refuse. */
  function keyOf(asked: CallRequest, { grants }: Caller, now: number): KnownKey | null {
    try {
      const known = knownKey(asked, now);
      return grants.allows(known.key.ccId, known.key.vdn) ? known : null;
    } catch {
      return null;
    }
  }

  /** Null if the call cannot be had: then the loader remembers why. */
  async function viewLater({ root, key }: Place, { context, visitor }: FastPathRequest): Promise<View | null> {
    try {
      return cachedView(root, key, await context().traces.load(key), visitor.caller.seesNumbers);
    } catch {
      return null;
    }
  }

  /** `views`: of all calls of all fields, one after the other. */
  function write(
    { fields, operationName }: Question,
    views: readonly View[],
    request: FastPathRequest,
    startedAt: number,
  ): Pieces {
    const { caller } = request.visitor;
    const calls = numbersShownBy(views);
    if (calls.length > 0) {
      const numbers = caller.seesNumbers ? 'whole' : 'masked';
      audit({ caller: caller.id, requestId: request.requestId, numbers, calls });
    }
    count(views);
    observer.fastPath('answered');
    observer.operation('query', operationName, [], (performance.now() - startedAt) / 1000);
    return concatenate(fields, views);
  }

  function count(views: readonly View[]): void {
    let fromMemory = 0;
    for (const { trace } of views) {
      if (trace.source === 'MEMORY' && !trace.stale) fromMemory += 1;
      else observer.answer(trace.source, trace.stale);
    }
    if (fromMemory > 0) observer.answer('MEMORY', false, fromMemory);
  }
}

/** One call of one field. */
interface Place {
  readonly root: Root;
  readonly key: KnownKey;
}

function areAll(views: readonly (View | null)[]): views is readonly View[] {
  return !views.includes(null);
}
