/** The samplers, as `OTEL_TRACES_SAMPLER` names them. */
export const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

/** One of `SAMPLERS`. */
export type SamplerName = (typeof SAMPLERS)[number];

/** How spans are sampled and exported. */
export interface TracingOptions {
  readonly sampler: SamplerName;
  /** The share of the samplers by ratio, from 0 to 1. */
  readonly ratio: number;
  /** Where spans are sent. */
  readonly exporter: ExporterOptions;
  /** How spans wait for their export. Unit of times: ms. */
  readonly batch: {
    readonly scheduledDelayMillis: number;
    readonly exportTimeoutMillis: number;
    readonly maxQueueSize: number;
    readonly maxExportBatchSize: number;
  };
  /** What every span says of this process, `service.name` among it. */
  readonly resource: Readonly<Record<string, string>>;
  /** Whether the headers of requests are read. */
  readonly readsHeaders: boolean;
}

/** The collector. */
export interface ExporterOptions {
  readonly format: 'protobuf' | 'json';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Limit of one export with its retries. Unit: ms. */
  readonly timeoutMillis: number;
  readonly compression: string;
  /** PEM: the authority of the collector, and a client certificate with its key. */
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
}
