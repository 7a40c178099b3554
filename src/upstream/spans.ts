import type { Clock } from '../call/clock.js';
import { UpstreamOverloadedError, UpstreamUnavailableError } from '../call/errors.js';
import type { Span } from '../tracing/span.js';
import type { Endpoint } from './endpoints.js';
import { isTimeout } from './failure.js';
import type { Queue, QueuedAsk } from './queue.js';

/** Shorter waits for a slot have no span. Unit: ms. */
const SHORTEST_WAIT_MS = 1;

/** Takes a slot of the queue. If the request is traced and had to wait, the wait gets a span. */
export async function takeTurn(
  queue: Queue,
  { tenant, ask }: { readonly tenant: string; readonly ask: QueuedAsk },
  clock: Clock,
): Promise<() => void> {
  const { span } = ask;
  if (!span) return queue.take(tenant, ask);
  const [length, askedAt] = [queue.queued, clock.monotonic()];
  const slot = queue.take(tenant, ask);
  const hasToWait = queue.queued > length;
  let failure: string | null = null;
  try {
    return await slot;
  } catch (error) {
    failure = whyRefused(error);
    throw error;
  } finally {
    const startedMsAgo = clock.monotonic() - askedAt;
    if (failure !== null || (hasToWait && startedMsAgo > SHORTEST_WAIT_MS)) {
      const wait = span.child('wait for turn', { 'calltrace.queue.length': length }, { startedMsAgo });
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
  { path, ask, resends = 0 }: { readonly path: string; readonly ask: QueuedAsk; readonly resends?: number },
  { baseUrl }: Endpoint,
): Span | undefined {
  if (!ask.span) return undefined;
  const { hostname, port, protocol } = new URL(baseUrl);
  return ask.span.child('POST /rest/cmsapp/v1/openapi/vdn/querycalltracedetail', {
    'http.request.method': 'POST',
    'url.template': path,
    'server.address': hostname.replace(/^\[|\]$/g, ''),
    'server.port': Number(port || (protocol === 'https:' ? 443 : 80)),
    'http.request.resend_count': resends === 0 ? undefined : resends,
  });
}
