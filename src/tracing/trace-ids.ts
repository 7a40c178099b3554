import type { Span, TraceIds } from './span.js';

/** The form of `traceparent`. Source: W3C Trace Context, version 00, section 3.2. */
const TRACEPARENT = /^00-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})$/;

/** Returns the span that a `traceparent` header names; null if there is none, or it is invalid. */
export function parseTraceparent(header: string | readonly string[] | undefined): TraceIds | null {
  if (typeof header !== 'string') return null;
  const [, trace_id, span_id, trace_flags] = TRACEPARENT.exec(header) ?? [];
  if (trace_id === undefined || span_id === undefined || trace_flags === undefined) return null;
  return { trace_id, span_id, trace_flags };
}

/** Where a request stands in a trace. */
export interface Traced {
  /** The span of the request or its operation; null: nothing is recorded. */
  readonly span: Span | null;
  /** The header of the request, unchecked. */
  readonly traceparent: string | readonly string[] | undefined;
}

/** Returns the IDs for log lines of a request: of its span, or of the span that its client named; undefined: there are none. */
export function traceIdsOf({ span, traceparent }: Traced): TraceIds | undefined {
  return span?.ids ?? parseTraceparent(traceparent) ?? undefined;
}
