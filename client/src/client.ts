import { createAsk, type Ask } from './ask.js';
import type { Fetch } from './attempt.js';
import {
  askCall,
  askCalls,
  type CallDetails,
  type CallKey,
  type CallOptions,
  type CallResult,
  type CallsOptions,
} from './calls.js';
import type { CallTraceError } from './errors.js';
import { addressOf, amountOf } from './options.js';
import type { Credential, DocumentForm } from './request.js';

/** How to reach a gateway. */
export interface CallTraceClientOptions {
  /** The address of the graph, such as `https://calls.example.com/graphql`. In a browser it may be relative to the page. */
  readonly url: string;
  /** Who asks; a function is called before each attempt. Left out where anybody may ask. */
  readonly credential?: Credential | (() => Credential | Promise<Credential>) | undefined;
  /** What sends requests, in place of the global `fetch`. */
  readonly fetch?: Fetch | undefined;
  /** Of each attempt, until the end of its answer. Unit: ms. Default: 15,000; a gateway answers within 10,000 as a rule. */
  readonly timeoutMs?: number | undefined;
  /** Names the program in the logs of proxies (`user-agent`); browsers send their own. */
  readonly clientName?: string | undefined;
  /** `id`: sends IDs alone, to gateways whose manifest has this package's documents. Default: `text`, which all take. */
  readonly documents?: DocumentForm | undefined;
  /** Most retries of a request; 0 for none. Default: 3. */
  readonly retries?: number | undefined;
  /** No retry begins later than this after the first attempt. Unit: ms. Default: 30,000. */
  readonly retryForMs?: number | undefined;
  /** Before the first retry, if the gateway does not say when; doubles with each. Unit: ms. Default: 250. */
  readonly pauseMs?: number | undefined;
  /** Called before each pause. What it throws is ignored. */
  readonly onRetry?: ((error: CallTraceError, pauseMs: number) => void) | undefined;
}

/** Asks a gateway. */
export interface CallTraceClient {
  readonly ask: Ask;
  /** Returns a call with its legs; null if the contact centre knows no such call. Rejects as `ask` does, also if a part failed. */
  readonly call: (key: CallKey, options?: CallOptions) => Promise<CallDetails | null>;
  /**
   * Returns what became of each key, in their order; keys can be any number. Rejects only if `signal` is aborted: where
   * an operation fails, each of its keys has failed. A key that failed in an answer is not asked for again.
   */
  readonly calls: (keys: readonly CallKey[], options?: CallsOptions) => Promise<CallResult[]>;
}

/** Returns a client. Asks nothing yet. Throws a TypeError for an address or a number that can be none. */
export function createCallTraceClient(options: CallTraceClientOptions): CallTraceClient {
  const { url, credential, fetch = globalThis.fetch } = options;
  const ask = createAsk({
    address: addressOf(url),
    credential: typeof credential === 'function' ? credential : () => credential,
    // Called as a function: browsers refuse it as a method of another object.
    fetch: (...request) => fetch(...request),
    timeoutMs: amountOf('timeoutMs', options.timeoutMs ?? 15_000, 1),
    clientName: options.clientName ?? 'call-trace-client',
    documents: options.documents ?? 'text',
    retries: amountOf('retries', options.retries ?? 3),
    retryForMs: amountOf('retryForMs', options.retryForMs ?? 30_000),
    pauseMs: amountOf('pauseMs', options.pauseMs ?? 250),
    onRetry: options.onRetry,
  });
  return {
    ask,
    call: (key, callOptions) => askCall(ask, key, callOptions),
    calls: (keys, callsOptions) => askCalls(ask, keys, callsOptions),
  };
}
