import type { ExporterOptions, TracingOptions } from '../tracing/options.js';
import type { Settings } from './settings.js';
import { TRACING } from './settings/tracing.js';
import { partyProblems } from './tls-files.js';

/**
 * Who exports the spans of requests: our own SDK, or an agent in this process. Null: nobody, traces are off. `readsHeaders`:
 * whether the headers of requests are read.
 */
export type TracingConfig =
  | { readonly by: null }
  | { readonly by: 'agent'; readonly readsHeaders: boolean }
  | { readonly by: 'own'; readonly options: TracingOptions };

type Variables = Readonly<Record<string, string>>;

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

/** Returns who exports spans. An agent in this process comes before our own SDK. */
export function tracedBy(variables: Variables, hasAgent: boolean): TracingConfig['by'] {
  const { OTEL_SDK_DISABLED: disabled, OTEL_TRACES_EXPORTER: exporter } = variables;
  if (disabled === 'true' || exporter === 'none') return null;
  if (hasAgent) return 'agent';
  const naming = ['OTEL_TRACES_EXPORTER', 'OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'];
  return naming.some((name) => variables[name] !== undefined) ? 'own' : null;
}

/** Returns the variables that the gateway judges. Those of traces are not for it where its own SDK does not run. */
export function judgedVariables(variables: Variables, by: TracingConfig['by']): Variables {
  if (by === 'own') return variables;
  const { OTEL_SDK_DISABLED: disabled, OTEL_PROPAGATORS: propagators } = variables;
  return {
    ...Object.fromEntries(Object.entries(variables).filter(([name]) => !name.startsWith('OTEL_'))),
    ...(disabled === undefined ? {} : { OTEL_SDK_DISABLED: disabled }),
    ...(propagators?.includes('tracecontext') === false ? { OTEL_PROPAGATORS: 'none' } : {}),
  };
}

/** Returns a sentence for each variable of our own SDK that contradicts another, or names a file that cannot be used. `now`: as in `tlsProblems`. */
export function tracingProblems(variables: Variables, files: CollectorFiles, now: number): string[] {
  const names = collectorFileNames((name) => variables[name] !== undefined);
  const number = (name: 'OTEL_BSP_MAX_EXPORT_BATCH_SIZE' | 'OTEL_BSP_MAX_QUEUE_SIZE'): number =>
    TRACING[name].safeParse(variables[name]).data ?? NaN;
  return [
    ...partyProblems(names, files, now),
    ...((variables[names.cert] === undefined) === (variables[names.key] === undefined)
      ? []
      : [`${names.cert} and ${names.key} go together; give both, or neither`]),
    ...(variables['OTEL_BSP_MAX_EXPORT_BATCH_SIZE'] !== undefined &&
    number('OTEL_BSP_MAX_EXPORT_BATCH_SIZE') > number('OTEL_BSP_MAX_QUEUE_SIZE')
      ? ['OTEL_BSP_MAX_EXPORT_BATCH_SIZE must not be more than OTEL_BSP_MAX_QUEUE_SIZE']
      : []),
  ];
}

/** Returns the configuration of traces. */
export function tracingOf(env: Settings, by: TracingConfig['by'], files: CollectorFiles): TracingConfig {
  switch (by) {
    case null:
      return { by };
    case 'agent':
      return { by, readsHeaders: env.OTEL_PROPAGATORS };
    case 'own':
      return { by, options: optionsOf(env, files) };
  }
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
      // The default is more than a small queue holds.
      maxExportBatchSize: Math.min(env.OTEL_BSP_MAX_EXPORT_BATCH_SIZE, env.OTEL_BSP_MAX_QUEUE_SIZE),
    },
    resource: {
      'service.name': 'call-trace-gateway',
      ...env.OTEL_RESOURCE_ATTRIBUTES,
      ...(env.OTEL_SERVICE_NAME === undefined ? {} : { 'service.name': env.OTEL_SERVICE_NAME }),
    },
    exporter: {
      ...files,
      format: protocol === 'http/json' ? 'json' : 'protobuf',
      url: env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? urlForTraces(env.OTEL_EXPORTER_OTLP_ENDPOINT ?? DEFAULT_ENDPOINT),
      headers: { ...env.OTEL_EXPORTER_OTLP_HEADERS, ...env.OTEL_EXPORTER_OTLP_TRACES_HEADERS },
      timeoutMillis: env.OTEL_EXPORTER_OTLP_TRACES_TIMEOUT ?? env.OTEL_EXPORTER_OTLP_TIMEOUT,
      compression: env.OTEL_EXPORTER_OTLP_TRACES_COMPRESSION ?? env.OTEL_EXPORTER_OTLP_COMPRESSION,
    },
  };
}

function urlForTraces(endpoint: string): string {
  const url = new URL(endpoint);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/v1/traces`;
  return url.href;
}
