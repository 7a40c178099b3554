import type { Clock } from '../call/clock.js';
import { UpstreamOverloadedError, UpstreamUnavailableError } from '../call/errors.js';
import type { Span } from '../tracing/span.js';
import type { Endpoint } from './endpoints.js';
import { isTimeout } from './failure.js';
import type { Queue, QueuedAsk } from './queue.js';
import { TRACE_PATH } from './wire.js';

/** Shorter waits for a slot have no span. Unit: ms. */
const SHORTEST_WAIT_MS = 1;

/** Takes a slot of the queue. If the request is traced and had to wait, the wait gets a span. */
export async function takeSlot(
  queue: Queue,
  { tenant, ask }: { readonly tenant: string; readonly ask: QueuedAsk },
  clock: Clock,
): Promise<() => void> {
  const { span } = ask;
  if (!span) return queue.take(tenant, ask);
  const [length, askedAt] = [queue.queued, clock.monotonic()];
  let hasToWait = false as boolean;
  let failure: string | null = null;
  try {
    return await queue.take(tenant, ask, () => (hasToWait = true));
  } catch (error) {
    failure = whyRefused(error);
    throw error;
  } finally {
    const startedMsAgo = clock.monotonic() - askedAt;
    if (failure !== null || (hasToWait && startedMsAgo > SHORTEST_WAIT_MS)) {
      const wait = span.child('wait for slot', { 'calltrace.queue.length': length }, { startedMsAgo });
      if (failure !== null) wait.fail(failure);
      wait.end();
    }
  }
}

function whyRefused(error: unknown): string {
  if (error instanceof UpstreamOverloadedError) return 'full';
  if (error instanceof UpstreamUnavailableError) return 'paused';
  return isTimeout(error) ? 'timeout' : 'abandoned';
}

/** Begins the span of an attempt; undefined: the request is not traced. */
export function attemptSpan(
  { ask, attemptsBefore = 0 }: { readonly ask: QueuedAsk; readonly attemptsBefore?: number },
  { baseUrl }: Endpoint,
): Span | undefined {
  if (!ask.span) return undefined;
  const { hostname, port, protocol } = new URL(baseUrl);
  return ask.span.child(`POST ${TRACE_PATH}`, {
    'http.request.method': 'POST',
    'url.template': TRACE_PATH,
    'server.address': hostname.replace(/^\[|\]$/g, ''),
    'server.port': Number(port || (protocol === 'https:' ? 443 : 80)),
    'http.request.resend_count': attemptsBefore === 0 ? undefined : attemptsBefore,
  });
}
