/**
 * This folder alone knows OpenTelemetry. It is imported when tracing is on, and lies in a file of its own of the build.
 */
import { context, ROOT_CONTEXT, SpanKind, trace, type Context, type TracerProvider } from '@opentelemetry/api';
import type { TracingOptions } from '../options.js';
import { SPANS, type TraceHeaders, type Tracing } from '../span.js';
import { parseTraceparent } from '../trace-ids.js';
import { createProvider, type ExportLog } from './provider.js';
import { RecordedSpan } from './recorded-span.js';

/** Longest time for exporting what is left at the end. Unit: ms. */
const CLOSE_TIMEOUT_MS = 2_000;
/** A longer `tracestate` is not handed on. Source: W3C Trace Context, section 3.3.1.5. Unit: characters. */
const MAX_TRACESTATE = 512;

/** Opens tracing with a provider of its own. */
export function openTracing(options: TracingOptions, log: ExportLog): Tracing {
  const provider = createProvider(options, log);
  return tracingOf(
    provider,
    options.readsHeaders,
    () => null,
    () => provider.shutdown(),
  );
}

/** Opens tracing with the provider that an agent in this process has registered. It samples and exports as it was told. */
export function openTracingOfAgent(readsHeaders: boolean): Tracing {
  const provider: TracerProvider & Delegating = trace.getTracerProvider();
  const delegate = (provider.getDelegate?.() ?? provider) as TracerProvider & Flushable;
  return tracingOf(provider, readsHeaders, activeSpan, () => delegate.forceFlush?.());
}

function tracingOf(
  provider: TracerProvider,
  readsHeaders: boolean,
  activeParent: () => Context | null,
  flush: () => Promise<void> | undefined,
): Tracing {
  const tracer = provider.getTracer('call-trace-gateway');
  return {
    request(name, headers) {
      const parent = activeParent() ?? (readsHeaders ? remoteParent(headers) : null) ?? ROOT_CONTEXT;
      const span = tracer.startSpan(name, { kind: SpanKind[SPANS[name]] }, parent);
      return span.isRecording() ? new RecordedSpan(tracer, span, tracestateOf(headers)) : null;
    },
    close: () => inTime(flush()),
  };
}

/** Returns the span that an agent has begun for this request, without its baggage; null: there is none. */
function activeSpan(): Context | null {
  const span = trace.getSpan(context.active());
  return span ? trace.setSpan(ROOT_CONTEXT, span) : null;
}

/** Returns the span that the client names; null: it names none. Its `tracestate` is handed on, and not exported. */
function remoteParent(headers: TraceHeaders): Context | null {
  const ids = parseTraceparent(headers['traceparent']);
  if (!ids) return null;
  const { trace_id: traceId, span_id: spanId, trace_flags } = ids;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: parseInt(trace_flags, 16), isRemote: true });
}

function tracestateOf({ tracestate }: TraceHeaders): string | null {
  return typeof tracestate === 'string' && tracestate.length <= MAX_TRACESTATE ? tracestate : null;
}

/** Resolves when an export has ended, however it ended, or when the time for it is over. */
async function inTime(exported: Promise<void> | undefined): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<void>((resolve) => (timer = setTimeout(resolve, CLOSE_TIMEOUT_MS)));
  await Promise.race([exported?.catch(() => undefined), timeUp]);
  clearTimeout(timer);
}

/** What the API registers in place of the provider itself. */
interface Delegating {
  getDelegate?: () => TracerProvider;
}

/** What providers of the SDK have, and the API does not name. */
interface Flushable {
  forceFlush?: () => Promise<void>;
}
