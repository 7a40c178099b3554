import type { Span, Tracing } from '../tracing/span.js';
import type { Exchange } from './exchange.js';

/** The first status that is the fault of this side, so that the span has failed. */
const FIRST_FAILURE = 500;

/** Begins the span of a request for the graph; null: it is not traced. */
export function beginRequestSpan(tracing: Tracing, { request }: Exchange): Span | null {
  const { method, headers } = request;
  if (method !== 'POST' && method !== 'GET') return null;
  const span = tracing.request(`${method} /graphql`, headers);
  span?.set({ 'http.request.method': method, 'http.route': '/graphql' });
  return span;
}

/** Ends the span of a request. `answered`: false if its client has left. */
export function endRequestSpan(span: Span, exchange: Exchange, answered: boolean): void {
  const { requestId, context, response } = exchange;
  span.set({ 'calltrace.request_id': requestId });
  if (answered && !context) span.set({ 'calltrace.path': 'refused' });
  if (answered) span.set({ 'http.response.status_code': response.statusCode });
  else span.set({ 'error.type': 'client_gone' });
  if (answered && response.statusCode >= FIRST_FAILURE) span.fail(String(response.statusCode));
  span.end();
}
