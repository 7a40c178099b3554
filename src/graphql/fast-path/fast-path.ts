import type { IncomingMessage } from 'node:http';
import type { ApolloServerPlugin } from '@apollo/server';
import { REQUEST_COST } from '../../access/authenticate-request.js';
import type { Caller } from '../../access/caller.js';
import type { RateLimiter, RateLimitResult } from '../../access/rate-limit.js';
import type { Audit } from '../../observability/audit.js';
import { createCallFields } from '../call-fields.js';
import type { GraphContext } from '../context.js';
import type { Limits } from '../limits/limits.js';
import { variablesProblem } from '../limits/variables.js';
import type { Turns } from '../limits/turns.js';
import type { OperationObserver } from '../observer.js';
import { createSchema, type SchemaOptions } from '../schema.js';
import type { TrustedDocuments } from '../trusted-documents.js';
import type { Pieces } from './answer.js';
import type { FallbackReason } from './fallback.js';
import { createKeyCache, type KeyQuestion } from './key-cache.js';
import { readOperation } from './operation-request.js';
import { createPlanCache, type PlannedOperation } from './plan-cache.js';
import type { CallNaming } from './requests.js';
import { createResponder } from './respond.js';
import { createViewCache } from './view-cache.js';
import { createViewLoader, type MemoryTraces, type RequestedCall } from './view-loader.js';
import type { View } from './view.js';

export interface FastPathOptions {
  /** The options of the graph: the fast path builds a schema of its own, which no other part changes. */
  readonly graph: SchemaOptions;
  readonly memory: MemoryTraces;
  readonly limits: Limits;
  readonly trusted: TrustedDocuments | undefined;
  readonly points: RateLimiter | null;
  readonly turns: Turns;
  readonly observer: OperationObserver;
  readonly audit: Audit;
}

/** An authenticated request to /graphql. */
export interface FastPathRequest {
  readonly message: Pick<IncomingMessage, 'method' | 'url' | 'headers'>;
  /** As JSON; null for a GET. */
  readonly body: unknown;
  /** Unit: bytes. */
  readonly bodyBytes: number;
  /** The context, which the standard path continues with if the fast path falls back. */
  readonly context: GraphContext;
}

export interface FastPath {
  /**
   * Returns the body of the answer (status 200, no errors); null: the standard path must answer. Returns at once if all
   * traces are in memory. Never rejects.
   */
  answer(request: FastPathRequest): Pieces | null | Promise<Pieces | null>;
  /** Learns a document that the standard path has answered. */
  readonly plugin: ApolloServerPlugin<GraphContext>;
}

/**
 * The fast path answers what dashboards and routers ask all day: the same documents about other calls, most of which are
 * over and in memory.
 *
 * The standard path (Apollo Server and graphql-js) parses and validates a document, and walks through it field by field
 * for each request. Once it has answered a document twice without complaint, the fast path compiles a *plan* of it: which
 * calls it asks for, and what it shows of each. What a plan shows of one trace is a *view*: the bytes of its JSON, written
 * by the functions that are the resolvers of the standard path, and kept beside the trace in memory. An answer is then a
 * few bytes of names, and views one after the other. Calls that are not in memory are loaded as the standard path does.
 *
 * It answers ordinary requests alone: a compiled document, variables of the ordinary form, calls that the caller may
 * see, none of which failed. In every other case it falls back, and the standard path answers as if there were no fast
 * path; what was loaded by then is not asked for again. So it has no error messages, and `FAST_PATH=false` changes no byte
 * of an answer. Grants, cost, points, masks, audit and metrics apply here as there.
 */
export function createFastPath(options: FastPathOptions): FastPath {
  const { graph, memory, limits, trusted, points, observer } = options;
  const { keyRules, maskKeepDigits } = graph;
  const scope = { schema: createSchema(graph), ...createCallFields(graph), maskKeepDigits };
  const plans = createPlanCache({ scope, limits, trusted, mostPoints: points?.limit ?? Infinity });
  const keyOf = createKeyCache(keyRules);
  const views = createViewCache((key, trace, bytes) => memory.weigh(key, trace, bytes));
  const loadViews = createViewLoader({ ...options, views });
  const respond = createResponder(options);

  return {
    answer(request) {
      const startedAt = performance.now();
      const { context } = request;
      const operation = read(request);
      if (typeof operation === 'string') return fellBack(operation);
      const due = operation.cost.points - REQUEST_COST;
      const taken = points && due > 0 ? points.consume(context.caller.bucket, due) : null;
      if (taken instanceof Promise) return taken.then((late) => find(operation, context, late, startedAt));
      return find(operation, context, taken, startedAt);
    },
    plugin: {
      requestDidStart: () =>
        Promise.resolve({
          willSendResponse: ({ source, queryHash, document, operation, response, metrics }) => {
            if (source && queryHash && document && operation && response.http.status === undefined)
              plans.answered(source, queryHash, metrics.persistedQueryHit === true, document);
            return Promise.resolve();
          },
        }),
    },
  };

  function read({ message, body, bodyBytes }: FastPathRequest): PlannedOperation | FallbackReason {
    const operation = readOperation(message, body);
    if (!operation) return 'request_form';
    const sentBytes = message.method === 'GET' ? (message.url ?? '').length : bodyBytes;
    // A short request needs no measuring, which writes its variables as JSON.
    const mayExceed = sentBytes * MOST_GROWTH > limits.variablesBytes || limits.variablesDepth < VARIABLES_DEPTH;
    if (mayExceed && variablesProblem(operation.variables, limits) !== null) return 'variables';
    return plans.read(operation);
  }

  function fellBack(reason: FallbackReason): null {
    observer.fastPath(reason);
    return null;
  }

  /** `taken`: the result of charging the points, if that was tried; they are never charged twice. */
  function find(
    operation: PlannedOperation,
    context: GraphContext,
    taken: RateLimitResult | null,
    startedAt: number,
  ): Pieces | null | Promise<Pieces | null> {
    if (taken) context.taken = taken;
    if (taken?.allowed === false) return fellBack('rate_limited');
    const { caller } = context;
    const now = keyRules.now();
    // Only views, which are long-lived objects, are collected: a list of new keys would cost the garbage collector more than the rest.
    const found: View[] = [];
    for (const { root, requests } of operation.fields) {
      for (const naming of requests) {
        const key = allowedKey(naming, caller, now);
        if (typeof key === 'string') return fellBack(key);
        const trace = memory.get(key, now);
        const view = trace && views.get(root, trace, caller.seesNumbers);
        if (!view) return findLater(operation, context, startedAt);
        found.push(view);
      }
    }
    return respond(operation, found, context, startedAt) ?? fellBack('too_long');
  }

  async function findLater(
    operation: PlannedOperation,
    context: GraphContext,
    startedAt: number,
  ): Promise<Pieces | null> {
    const now = keyRules.now();
    const calls: RequestedCall[] = [];
    for (const { root, requests } of operation.fields) {
      for (const naming of requests) {
        const key = allowedKey(naming, context.caller, now);
        if (typeof key === 'string') return fellBack(key);
        calls.push({ root, key });
      }
    }
    const loaded = await loadViews(calls, context, now);
    if (typeof loaded === 'string') return fellBack(loaded);
    return respond(operation, loaded, context, startedAt) ?? fellBack('too_long');
  }

  /** Returns the key of a call that the caller may see. */
  function allowedKey(naming: CallNaming, { grants }: Caller, now: number): KeyQuestion | FallbackReason {
    try {
      const key = keyOf(naming, now);
      return grants.allows(key.key.ccId, key.key.vdn) ? key : 'forbidden';
    } catch {
      return 'invalid_key';
    }
  }
}

/** How deep the variables nest that the fast path reads: a list of objects. */
const VARIABLES_DEPTH = 3;
/** Upper bound of the length of JSON relative to what was sent in a body or a URL: `1e20` is written with 21 digits. */
const MOST_GROWTH = 6;
