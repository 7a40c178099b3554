import * as z from 'zod';
import { SAMPLERS } from '../../tracing/options.js';
import { flag, integer, parseHeaders, parsePairs, parsePropagators, parseRatio } from '../setting-values.js';

const address = () => z.url({ protocol: /^https?$/, error: 'must be the http or https URL of a collector' }).optional();
const protocol = () => z.enum(['http/protobuf', 'http/json']);
const compression = () => z.enum(['none', 'gzip']);
const headers = () => z.string().transform(parseHeaders).optional();
const file = () => z.string().optional();
const exportTimeout = () => integer(1, 600_000, 'ms');

/**
 * The settings of traces. Names, values and defaults are those of OpenTelemetry, which other programs share: they are judged
 * only if the gateway itself exports.
 */
export const TRACING = {
  OTEL_TRACES_EXPORTER: z
    .enum(['otlp', 'none'])
    .optional()
    .describe('`otlp`: traces are exported. Default: `otlp` where an endpoint is given, `none` elsewhere.'),
  OTEL_SDK_DISABLED: flag().default(false).describe('Whether traces are off, whatever else is set.'),
  OTEL_EXPORTER_OTLP_ENDPOINT: address().describe(
    'URL of the collector, to which `/v1/traces` is added. Default: `http://localhost:4318`.',
  ),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: address().describe(
    'URL of the collector for traces, used as it is. It comes before `OTEL_EXPORTER_OTLP_ENDPOINT`, as each setting with `TRACES` before its namesake.',
  ),
  OTEL_EXPORTER_OTLP_PROTOCOL: protocol().default('http/protobuf').describe('Encoding of exports. There is no gRPC.'),
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: protocol().optional().describe('Encoding of exported traces.'),
  OTEL_EXPORTER_OTLP_HEADERS: headers().describe(
    'Headers of exports: `name=value` with commas between them, percent-encoded.',
  ),
  OTEL_EXPORTER_OTLP_TRACES_HEADERS: headers().describe('Headers of exported traces, beside the ones above.'),
  OTEL_EXPORTER_OTLP_TIMEOUT: exportTimeout().default(10_000).describe('Limit of one export with its retries.'),
  OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: exportTimeout()
    .optional()
    .describe('Limit of one export of traces with its retries.'),
  OTEL_EXPORTER_OTLP_COMPRESSION: compression().default('none').describe('Compression of exports.'),
  OTEL_EXPORTER_OTLP_TRACES_COMPRESSION: compression().optional().describe('Compression of exported traces.'),
  OTEL_EXPORTER_OTLP_CERTIFICATE: file().describe(
    'File of the certificates (PEM) of the private authority of the collector.',
  ),
  OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE: file().describe('The same, for traces.'),
  OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: file().describe(
    'File of the client certificate (PEM), where the collector asks for one.',
  ),
  OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE: file().describe('The same, for traces.'),
  OTEL_EXPORTER_OTLP_CLIENT_KEY: file().describe('File of the key (PEM) of that certificate.'),
  OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY: file().describe('The same, for traces.'),
  OTEL_SERVICE_NAME: z
    .string()
    .max(255)
    .optional()
    .describe('`service.name` of traces. Default: `call-trace-gateway`.'),
  OTEL_RESOURCE_ATTRIBUTES: z
    .string()
    .transform(parsePairs)
    .optional()
    .describe('What traces say of this process: `deployment.environment.name=production,k8s.pod.name=…`.'),
  OTEL_TRACES_SAMPLER: z
    .enum(SAMPLERS)
    .default('parentbased_always_on')
    .describe(
      'Which requests are traced. The `parentbased` ones do as the client says in `traceparent`, if it says anything.',
    ),
  OTEL_TRACES_SAMPLER_ARG: z
    .string()
    .transform(parseRatio)
    .default(1)
    .meta({ description: 'Share of requests that samplers with `ratio` trace.', range: '0 to 1' }),
  OTEL_PROPAGATORS: z
    .string()
    .default('tracecontext,baggage')
    .transform(parsePropagators)
    .describe(
      'Which headers of a request are read: `tracecontext` (`traceparent`, `tracestate`) or `none`. Others beside `tracecontext`, such as `baggage`, have no effect: they are neither read nor sent.',
    ),
  OTEL_BSP_SCHEDULE_DELAY: integer(1, 600_000, 'ms').default(5_000).describe('Pause between exports.'),
  OTEL_BSP_EXPORT_TIMEOUT: exportTimeout().default(30_000).describe('How long an export may delay the next one.'),
  OTEL_BSP_MAX_QUEUE_SIZE: integer(1, 1_000_000)
    .default(2048)
    .describe('Most spans that wait for their export; further ones are dropped.'),
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE: integer(1, 1_000_000)
    .default(512)
    .describe('Most spans of one export: not more than `OTEL_BSP_MAX_QUEUE_SIZE`.'),
};
