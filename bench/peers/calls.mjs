/**
 * Where the peers' calls come from: the REST service of the bench, which answers ready calls (no signature, no codes to
 * name, no spelling to put right), at most 20 requests at once; and the caches that may stand before it.
 */
import DataLoader from 'dataloader';
import { Redis } from 'ioredis';
import { LRUCache } from 'lru-cache';
import { Pool } from 'undici';

const { REST_URL, REDIS_URL } = process.env;
const MAX_REQUESTS = 20;
const MAX_CALLS = 10_000;
const TTL_SECONDS = 3600;

const rest = new Pool(REST_URL, { connections: MAX_REQUESTS });

/** One call from the REST service; null if it knows none. */
export async function fetchCall({ vdn, callId }) {
  const { statusCode, body } = await rest.request({
    method: 'POST',
    path: '/call',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ vdn, callId }),
  });
  if (statusCode !== 200) throw new Error(`the REST service answered ${statusCode}`);
  return body.json();
}

/** Several calls, in the order of their keys; an Error where one failed. The batch function of a DataLoader. */
export function fetchCalls(keys) {
  return Promise.all(keys.map((key) => fetchCall(key).catch((error) => error)));
}

/** Remembers calls in Redis: one MGET for all keys, the rest asked for and written back. */
export function withRedis(next) {
  const redis = new Redis(REDIS_URL, { enableAutoPipelining: true });
  return async (keys) => {
    const texts = await redis.mget(keys.map(textOf));
    const calls = texts.map((text) => (text === null ? undefined : JSON.parse(text)));
    const missing = keys.filter((_, index) => calls[index] === undefined);
    if (missing.length === 0) return calls;
    const fetched = await next(missing);
    missing.forEach((key, index) => {
      if (!(fetched[index] instanceof Error))
        redis.set(textOf(key), JSON.stringify(fetched[index]), 'EX', TTL_SECONDS).catch(() => undefined);
    });
    let taken = 0;
    return calls.map((call) => (call === undefined ? fetched[taken++] : call));
  };
}

/** Remembers calls in this process. */
export function withLru(next) {
  const lru = createLru();
  return async (keys) => {
    const calls = keys.map((key) => lru.get(textOf(key)));
    const missing = keys.filter((_, index) => calls[index] === undefined);
    if (missing.length === 0) return calls;
    const fetched = await next(missing);
    missing.forEach((key, index) => {
      if (!(fetched[index] instanceof Error)) lru.set(textOf(key), fetched[index]);
    });
    let taken = 0;
    return calls.map((call) => (call === undefined ? fetched[taken++] : call));
  };
}

/** A cache of calls that fetches what it does not hold; who asks meanwhile waits for the same fetch. */
export function createFetchingLru() {
  const lru = createLru({ fetchMethod: (_text, _stale, { context }) => fetchCall(context) });
  return (key) => {
    const text = textOf(key);
    return lru.get(text) ?? lru.fetch(text, { context: key });
  };
}

/** The loader of one request. */
export function createLoader(batch) {
  const loader = new DataLoader(batch, { cacheKeyFn: textOf });
  return (key) => loader.load(key);
}

function createLru(options = {}) {
  return new LRUCache({ max: MAX_CALLS, ttl: TTL_SECONDS * 1000, ...options });
}

function textOf({ vdn, callId }) {
  return `${vdn}:${callId}`;
}
