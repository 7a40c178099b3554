import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, type Span as OtelSpan, type Tracer } from '@opentelemetry/api';
import { exportable, type SpanAttributes } from '../attributes.js';
import { SPANS, type Span, type SpanName, type SpanOptions } from '../span.js';

/** A span of OpenTelemetry. All that it exports passes `SPANS` and `exportable`. */
export class RecordedSpan implements Span {
  readonly #tracer: Tracer;
  readonly #span: OtelSpan;
  readonly #tracestate: string | null;
  #joins = 0;
  #hasEnded = false;

  constructor(tracer: Tracer, span: OtelSpan, tracestate: string | null) {
    this.#tracer = tracer;
    this.#span = span;
    this.#tracestate = tracestate;
  }

  get ids() {
    const { traceId, spanId, traceFlags } = this.#span.spanContext();
    return { trace_id: traceId, span_id: spanId, trace_flags: traceFlags.toString(16).padStart(2, '0') };
  }

  get headers() {
    const { trace_id, span_id, trace_flags } = this.ids;
    const traceparent = `00-${trace_id}-${span_id}-${trace_flags}`;
    return this.#tracestate === null ? { traceparent } : { traceparent, tracestate: this.#tracestate };
  }

  child(name: SpanName, attributes: SpanAttributes = {}, { link, startedMsAgo = 0 }: SpanOptions = {}): Span {
    const options = {
      kind: SpanKind[SPANS[name]],
      attributes: exportable(attributes),
      links: link instanceof RecordedSpan ? [{ context: link.#span.spanContext() }] : [],
      startTime: performance.now() - startedMsAgo,
    };
    const span = this.#tracer.startSpan(name, options, trace.setSpan(ROOT_CONTEXT, this.#span));
    return new RecordedSpan(this.#tracer, span, this.#tracestate);
  }

  detached(name: SpanName): Span | null {
    const options = { kind: SpanKind[SPANS[name]], links: [{ context: this.#span.spanContext() }] };
    const span = this.#tracer.startSpan(name, options, ROOT_CONTEXT);
    return span.isRecording() ? new RecordedSpan(this.#tracer, span, null) : null;
  }

  rename(name: SpanName): void {
    this.#span.updateName(name);
  }

  set(attributes: SpanAttributes): void {
    this.#span.setAttributes(exportable(attributes));
  }

  countJoin(): void {
    this.#joins += 1;
    this.set({ 'calltrace.joined': this.#joins });
  }

  fail(type: string): void {
    this.set({ 'error.type': type });
    this.#span.setStatus({ code: SpanStatusCode.ERROR });
  }

  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#span.end(performance.now());
  }
}
