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
} from '@opentelemetry/sdk-trace-base';
import type { ExporterOptions, TracingOptions } from '../options.js';

/** The log for exports that fail. */
export interface ExportLog {
  info(text: string): void;
  warn(fields: object, text: string): void;
}

/** Returns the provider of spans that are sent to a collector. It takes its options from here alone, and is not registered globally. */
export function createProvider(options: TracingOptions, log: ExportLog): BasicTracerProvider {
  const exporter = withStateLog(createExporter(options.exporter), log);
  return new BasicTracerProvider({
    resource: defaultResource().merge(resourceFromAttributes(options.resource)),
    sampler: samplerOf(options),
    spanProcessors: [new BatchSpanProcessor(exporter, { ...options.batch })],
  });
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
function withStateLog(exporter: SpanExporter, log: ExportLog): SpanExporter {
  let isFailing = false;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        const { error } = result;
        // The message may repeat what the collector answered.
        if (error && !isFailing) log.warn({ reason: reasonOf(error) }, 'traces cannot be exported: they are dropped');
        if (!error && isFailing) log.info('traces are exported again');
        isFailing = error !== undefined;
        done(result);
      }),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
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
