import { TRACE_PATH, type SpanAttributes } from './attributes.js';

/** Every span and its kind. The names are constants: none is built from a request. */
export const SPANS = {
  'POST /graphql': 'SERVER',
  'GET /graphql': 'SERVER',
  /** An operation that could not be parsed or found. */
  'GraphQL Operation': 'INTERNAL',
  query: 'INTERNAL',
  mutation: 'INTERNAL',
  /** One batch of keys on its way through the stages. */
  'load calls': 'INTERNAL',
  /** A request joined one in flight in this process (single flight). */
  'wait for answer': 'INTERNAL',
  /** A stale trace is renewed behind an answer (stale-while-revalidate). */
  'renew call': 'INTERNAL',
  /** Redis commands of one purpose and one turn of the event loop. */
  GET: 'CLIENT',
  EVAL: 'CLIENT',
  /** Another gateway asks the contact centre for this call. */
  'wait for lease': 'INTERNAL',
  /** All slots to the contact centre are taken. */
  'wait for slot': 'INTERNAL',
  /** One attempt at the contact centre. */
  [`POST ${TRACE_PATH}`]: 'CLIENT',
} as const;

/** The name of a span. */
export type SpanName = keyof typeof SPANS;

/** What names a span in other systems, as log lines carry it. Source: OpenTelemetry, "Trace Context in non-OTLP Log Formats". */
export interface TraceIds {
  /** 32 hexadecimal digits. */
  readonly trace_id: string;
  /** 16 hexadecimal digits. */
  readonly span_id: string;
  /** Two hexadecimal digits; `01`: sampled. */
  readonly trace_flags: string;
}

/** How a span begins. */
export interface SpanOptions {
  /** A span that it waits for, or comes from, without being its child. */
  readonly link?: Span | undefined;
  /** How long ago it began. Unit: ms. Default: 0. */
  readonly startedMsAgo?: number | undefined;
}

/**
 * A recorded span. Parents are explicit: who does work for a request gets its span and creates children. Where nothing is
 * recorded there is no Span, so callers ask with `?.`.
 */
export interface Span {
  readonly ids: TraceIds;
  /** The headers that hand this span on: `traceparent`, and the `tracestate` that the request came with. */
  readonly headers: Readonly<Record<string, string>>;
  /** Begins a span within this one. */
  child(name: SpanName, attributes?: SpanAttributes, options?: SpanOptions): Span;
  /** Begins a trace of its own that links to this span; null: it is not sampled. */
  detached(name: SpanName): Span | null;
  /** Renames the span, once its operation is known. */
  rename(name: SpanName): void;
  set(attributes: SpanAttributes): void;
  /** Adds one to `calltrace.joined`. */
  countJoin(): void;
  /** Marks the span as failed. `type`: the value of `error.type`, a word of ours. */
  fail(type: string): void;
  /** Ends the span. Further calls have no effect. */
  end(): void;
}

/** Begins the spans of requests. */
export interface Tracing {
  /**
   * Begins the span of a request, as a child of the span that its headers name, or that an agent in this process has begun;
   * null: it is not sampled.
   */
  request(name: SpanName, headers: TraceHeaders): Span | null;
  /** Exports what is left, within two seconds. Never rejects. */
  close(): Promise<void>;
}

/** The headers of W3C Trace Context, as they came. */
export type TraceHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;
