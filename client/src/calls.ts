import type { Ask } from './ask.js';
import { createAbortError, isCallTraceError, NOT_RETRYABLE, TransportError, type CallTraceError } from './errors.js';
import {
  callDocument,
  callsDocument,
  type CallKeyInput,
  type CallLanguage,
  type CallQuery,
  type CallsQuery,
} from './generated.js';
import type { RequestOptions } from './request.js';

/** Names a call. `month` or `logDate` are needed where the call ID does not begin with the time of the call. */
export type CallKey = CallKeyInput;

/** A call with its legs, and what happened in words. */
export type CallDetails = NonNullable<CallQuery['call']>;

/** What a call came to, without its legs. */
export type CallOverview = NonNullable<CallsQuery['calls'][number]>;

/** What became of one key of `calls`. */
export type CallResult =
  | { readonly status: 'found'; readonly key: CallKey; readonly call: CallOverview }
  | { readonly status: 'not-found'; readonly key: CallKey }
  | { readonly status: 'failed'; readonly key: CallKey; readonly error: CallTraceError };

/** What goes with `calls`. */
export interface CallsOptions extends RequestOptions {
  /** Asks the contact centre whatever the caches hold. Costs five times as much. */
  readonly refresh?: boolean | undefined;
}

/** What goes with `call`. */
export interface CallOptions extends CallsOptions {
  /** Of the narrative. English if left out. */
  readonly language?: CallLanguage | undefined;
  /** Of the times in the narrative: an IANA name. UTC if left out. */
  readonly timeZone?: string | undefined;
}

/** Most keys of one operation: the gateway takes no more. */
const MAX_KEYS = 200;
/** Most operations of one `calls` at the same time. */
const MAX_PARALLEL = 3;

/** Returns a call; null if the contact centre knows no such call. Rejects as `Ask` does, also if a part of it failed. */
export async function askCall(ask: Ask, key: CallKey, options: CallOptions = {}): Promise<CallDetails | null> {
  const { refresh = false, language = 'EN', timeZone = 'UTC', ...rest } = options;
  const variables = { ...key, refresh, language, timeZone };
  const { data, requestId } = await ask(callDocument, variables, { ...rest, errorPolicy: 'none' });
  if ((data as Partial<CallQuery>).call === undefined) throw createForeignAnswerError(requestId);
  return data.call;
}

/**
 * Returns what became of each key, in the order of the keys; they can be any number. Rejects only if `signal` is
 * aborted: where an operation fails, each of its keys has failed.
 */
export async function askCalls(
  ask: Ask,
  keys: readonly CallKey[],
  { refresh = false, ...options }: CallsOptions = {},
): Promise<CallResult[]> {
  const chunks: (readonly CallKey[])[] = [];
  for (let at = 0; at < keys.length; at += MAX_KEYS) chunks.push(keys.slice(at, at + MAX_KEYS));
  const results: CallResult[][] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < chunks.length; index = next++) {
      results[index] = await askChunk(ask, chunks[index] ?? [], refresh, options);
    }
  };
  await Promise.all(Array.from({ length: MAX_PARALLEL }, work));
  return results.flat();
}

async function askChunk(
  ask: Ask,
  keys: readonly CallKey[],
  refresh: boolean,
  options: RequestOptions,
): Promise<CallResult[]> {
  try {
    const { data, errors, requestId } = await ask(callsDocument, { keys, refresh }, options);
    // Of no item in particular: then an item that is null may have failed, and must not look as if it were not found.
    const ofList = errors.find(({ path }) => typeof path?.[1] !== 'number');
    const { calls } = data as Partial<CallsQuery>;
    if (calls?.length !== keys.length) throw ofList ?? createForeignAnswerError(requestId);
    return keys.map((key, index): CallResult => {
      const call = calls[index] ?? null;
      const error = errors.find(({ path }) => path?.[1] === index) ?? (call === null ? ofList : undefined);
      if (error !== undefined) return { status: 'failed', key, error };
      return call === null ? { status: 'not-found', key } : { status: 'found', key, call };
    });
  } catch (error) {
    if (!isCallTraceError(error)) throw error;
    if (options.signal?.aborted) throw abortErrorOf(error, options.signal);
    return keys.map((key) => ({ status: 'failed', key, error }));
  }
}

/** What fails as the caller gives up has been given up. */
function abortErrorOf(error: CallTraceError, signal: AbortSignal): CallTraceError {
  if (error.code === 'ABORTED') return error;
  return createAbortError('Not asked to the end: the signal was aborted.', error.requestId, signal);
}

function createForeignAnswerError(requestId: string | null): TransportError {
  const circumstances = { ...NOT_RETRYABLE, requestId, status: 200 };
  return new TransportError('NOT_GRAPHQL', 'The answer lacks what was asked for.', circumstances);
}
