import { TraceFlags } from '@opentelemetry/api';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  type Sampler,
  type SpanExporter,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import type { ExporterOptions, TracingOptions } from '../options.js';

/** The log for exports that fail. */
export interface ExportLog {
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
}

/** As many as the attributes of a span that there are, with room; and the links, of which a span has one. */
const LIMITS = { attributeValueLengthLimit: Infinity, attributeCountLimit: 128 };

/**
 * Returns the provider of spans that are sent to a collector. It is not registered globally. Whatever the SDK would read from
 * the environment is given here; of the exporter's headers it reads the same variables, and those given here come first.
 */
export function createProvider(options: TracingOptions, log: ExportLog): BasicTracerProvider {
  return new BasicTracerProvider({
    resource: defaultResource().merge(resourceFromAttributes(options.resource)),
    sampler: samplerOf(options),
    generalLimits: LIMITS,
    spanLimits: {
      ...LIMITS,
      ...{ linkCountLimit: 128, eventCountLimit: 0, attributePerEventCountLimit: 0, attributePerLinkCountLimit: 0 },
    },
    spanProcessors: [createProcessor(options, log)],
  });
}

/** Returns the queue of spans that wait for their export, with one log line when it begins to drop spans, and one when it is empty again. */
function createProcessor({ exporter, batch }: TracingOptions, log: ExportLog): SpanProcessor {
  let waiting = 0;
  let dropped = 0;
  const loggingExporter = withStateLog(createExporter(exporter), log);
  const processor = new BatchSpanProcessor(
    {
      export(spans, done) {
        waiting -= spans.length;
        if (waiting === 0 && dropped > 0) {
          log.info({ dropped }, 'traces are not dropped any more');
          dropped = 0;
        }
        loggingExporter.export(spans, done);
      },
      shutdown: () => loggingExporter.shutdown(),
    },
    { ...batch },
  );
  return {
    onStart: (span, parent) => processor.onStart(span, parent),
    onEnd(span) {
      // The processor drops without a word to us: these are its own rules.
      if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) === 0) return;
      if (waiting < batch.maxQueueSize) waiting += 1;
      else if (++dropped === 1)
        log.warn({ maxQueueSize: batch.maxQueueSize }, 'traces are dropped: too many spans wait for their export');
      processor.onEnd(span);
    },
    forceFlush: () => processor.forceFlush(),
    shutdown: () => processor.shutdown(),
  };
}

function createExporter(options: ExporterOptions): SpanExporter {
  const { format, url, headers, timeoutMillis, compression, ca, cert, key } = options;
  const Exporter = format === 'json' ? JsonExporter : ProtobufExporter;
  const config = {
    ...{ url, headers: { ...headers }, timeoutMillis, compression },
    httpAgentOptions: { keepAlive: true, ca, cert, key },
  };
  return new Exporter(config as ConstructorParameters<typeof Exporter>[0]);
}

/** Returns the exporter with one log line at each change between success and failure. */
function withStateLog(exporter: SpanExporter, log: ExportLog): Pick<SpanExporter, 'export' | 'shutdown'> {
  let isFailing = false;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        const { error } = result;
        // The message may repeat what the collector answered.
        if (error && !isFailing) log.warn({ reason: reasonOf(error) }, 'traces cannot be exported: they are dropped');
        if (!error && isFailing) log.info({}, 'traces are exported again');
        isFailing = error !== undefined;
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
  };
}

function reasonOf(error: Error): string {
  const { code } = error as { readonly code?: string | number };
  return code === undefined ? error.name : String(code);
}

/** Source: OpenTelemetry, "Environment Variable Specification", OTEL_TRACES_SAMPLER. */
function samplerOf({ sampler, ratio }: TracingOptions): Sampler {
  switch (sampler) {
    case 'always_on':
      return new AlwaysOnSampler();
    case 'always_off':
      return new AlwaysOffSampler();
    case 'traceidratio':
      return new TraceIdRatioBasedSampler(ratio);
    case 'parentbased_always_on':
      return new ParentBasedSampler({ root: new AlwaysOnSampler() });
    case 'parentbased_always_off':
      return new ParentBasedSampler({ root: new AlwaysOffSampler() });
    case 'parentbased_traceidratio':
      return new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) });
  }
}
