/**
 * This folder alone knows OpenTelemetry. It is imported when tracing is on, and lies in a file of its own of the build.
 */
import { context, ROOT_CONTEXT, SpanKind, trace, type Context, type TracerProvider } from '@opentelemetry/api';
import { registeredAgent } from '../agent.js';
import type { TracingOptions } from '../options.js';
import { SPANS, type TraceHeaders, type Tracing } from '../span.js';
import { parseTraceparent } from '../trace-ids.js';
import { createProvider, type ExportLog } from './provider.js';
import { RecordedSpan } from './recorded-span.js';

/** Longest time for exporting what is left at the end. Unit: ms. */
const CLOSE_TIMEOUT_MS = 2_000;
/** A longer `tracestate` is not handed on. Source: W3C Trace Context, section 3.3.1.5. Unit: characters. */
const MAX_TRACESTATE = 512;

/** Where the span of a request belongs. */
interface Parent {
  readonly context: Context;
  /** The span of an agent for the same request is the one of kind SERVER: ours is within it. */
  readonly isOfAgent: boolean;
  /** The `tracestate` of the client whose span the parent is; null: there is none. */
  readonly tracestate: string | null;
}

const NO_PARENT: Parent = { context: ROOT_CONTEXT, isOfAgent: false, tracestate: null };

/** Opens tracing with a provider of its own. */
export function openTracing(options: TracingOptions, log: ExportLog): Tracing {
  const provider = createProvider(options, log);
  const parentOf = options.readsHeaders ? remoteParent : () => null;
  return tracingOf(provider, parentOf, () => provider.shutdown());
}

/**
 * Opens tracing with the provider that an agent in this process has registered, which samples and exports as it was told.
 * Null: the agent's version of the API cannot be used, and would record nothing.
 */
export function openTracingOfAgent(readsHeaders: boolean): Tracing | null {
  const provider: TracerProvider & Delegating = trace.getTracerProvider();
  // The API gives a provider that does nothing in place of one that was registered by an incompatible version.
  if (provider !== registeredAgent()?.trace) return null;
  const delegate = (provider.getDelegate?.() ?? provider) as TracerProvider & Flushable;
  const parentOf = (headers: TraceHeaders): Parent | null =>
    activeParent() ?? (readsHeaders ? remoteParent(headers) : null);
  return tracingOf(provider, parentOf, () => delegate.forceFlush?.());
}

function tracingOf(
  provider: TracerProvider,
  parentOf: (headers: TraceHeaders) => Parent | null,
  flush: () => Promise<void> | undefined,
): Tracing {
  const tracer = provider.getTracer('call-trace-gateway');
  return {
    request(name, headers) {
      const { context: parent, isOfAgent, tracestate } = parentOf(headers) ?? NO_PARENT;
      const span = tracer.startSpan(name, { kind: SpanKind[isOfAgent ? 'INTERNAL' : SPANS[name]] }, parent);
      return span.isRecording() ? new RecordedSpan(tracer, span, tracestate) : null;
    },
    close: () => withinCloseTime(flush()),
  };
}

/** Returns the span that an agent has begun for this request, without its baggage; null: there is none. */
function activeParent(): Parent | null {
  const span = trace.getSpan(context.active());
  return span ? { context: trace.setSpan(ROOT_CONTEXT, span), isOfAgent: true, tracestate: null } : null;
}

/** Returns the span that the client names; null: it names none. Its `tracestate` is handed on, and not exported. */
function remoteParent({ traceparent, tracestate }: TraceHeaders): Parent | null {
  const ids = parseTraceparent(traceparent);
  if (!ids) return null;
  const { trace_id: traceId, span_id: spanId, trace_flags } = ids;
  const remote = { traceId, spanId, traceFlags: parseInt(trace_flags, 16), isRemote: true };
  return {
    context: trace.setSpanContext(ROOT_CONTEXT, remote),
    isOfAgent: false,
    tracestate: typeof tracestate === 'string' && tracestate.length <= MAX_TRACESTATE ? tracestate : null,
  };
}

/** Resolves when an export has ended, however it ended, or when the time for it is over. */
async function withinCloseTime(exported: Promise<void> | undefined): Promise<void> {
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
