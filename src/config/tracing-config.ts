import type { ExporterOptions, TracingOptions } from '../tracing/options.js';
import type { Settings } from './settings.js';

/** Whether and how requests are traced. */
export interface TracingConfig {
  /** How spans are exported; null: traces are off. */
  readonly options: TracingOptions | null;
  /** Whether requests are traced by the provider of an agent, where one runs in this process. */
  readonly mayUseAgent: boolean;
  /** Whether the headers of requests are read. */
  readonly readsHeaders: boolean;
}

/** The contents of the files that the settings of the collector name. */
export type CollectorFiles = Pick<ExporterOptions, 'ca' | 'cert' | 'key'>;

/** Where a collector listens that nothing is said of. Source: OpenTelemetry Protocol Exporter. */
const DEFAULT_ENDPOINT = 'http://localhost:4318';

/** Returns the names of the files, of which the one for traces comes before the one for all. */
export function collectorFileNames(has: (name: string) => boolean): Record<keyof CollectorFiles, string> {
  const nameOf = (what: string): string => {
    const own = `OTEL_EXPORTER_OTLP_TRACES_${what}`;
    return has(own) ? own : `OTEL_EXPORTER_OTLP_${what}`;
  };
  return { ca: nameOf('CERTIFICATE'), cert: nameOf('CLIENT_CERTIFICATE'), key: nameOf('CLIENT_KEY') };
}

/** Returns the configuration of traces. */
export function tracingOf(env: Settings, files: CollectorFiles): TracingConfig {
  const { OTEL_TRACES_EXPORTER: exporter, OTEL_SDK_DISABLED: isDisabled } = env;
  const hasEndpoint =
    env.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined || env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT !== undefined;
  const isOn = !isDisabled && (exporter === 'otlp' || (exporter === undefined && hasEndpoint));
  return {
    options: isOn ? optionsOf(env, files) : null,
    mayUseAgent: !isDisabled && exporter !== 'none',
    readsHeaders: env.OTEL_PROPAGATORS,
  };
}

function optionsOf(env: Settings, files: CollectorFiles): TracingOptions {
  const protocol = env.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL ?? env.OTEL_EXPORTER_OTLP_PROTOCOL;
  return {
    sampler: env.OTEL_TRACES_SAMPLER,
    ratio: env.OTEL_TRACES_SAMPLER_ARG,
    readsHeaders: env.OTEL_PROPAGATORS,
    batch: {
      scheduledDelayMillis: env.OTEL_BSP_SCHEDULE_DELAY,
      exportTimeoutMillis: env.OTEL_BSP_EXPORT_TIMEOUT,
      maxQueueSize: env.OTEL_BSP_MAX_QUEUE_SIZE,
      maxExportBatchSize: env.OTEL_BSP_MAX_EXPORT_BATCH_SIZE,
    },
    resource: {
      'service.name': 'call-trace-gateway',
      ...env.OTEL_RESOURCE_ATTRIBUTES,
      ...(env.OTEL_SERVICE_NAME === undefined ? {} : { 'service.name': env.OTEL_SERVICE_NAME }),
    },
    exporter: {
      ...files,
      format: protocol === 'http/json' ? 'json' : 'protobuf',
      url:
        env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ??
        `${(env.OTEL_EXPORTER_OTLP_ENDPOINT ?? DEFAULT_ENDPOINT).replace(/\/$/, '')}/v1/traces`,
      headers: { ...env.OTEL_EXPORTER_OTLP_HEADERS, ...env.OTEL_EXPORTER_OTLP_TRACES_HEADERS },
      timeoutMillis: env.OTEL_EXPORTER_OTLP_TRACES_TIMEOUT ?? env.OTEL_EXPORTER_OTLP_TIMEOUT,
      compression: env.OTEL_EXPORTER_OTLP_TRACES_COMPRESSION ?? env.OTEL_EXPORTER_OTLP_COMPRESSION,
    },
  };
}
