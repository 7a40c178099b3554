import { describe, expect, it } from '@jest/globals';
import { ConfigError, loadConfig } from '../../src/config/config.js';
import { environmentFor } from '../support/gateway.js';

const ENDPOINT = 'http://collector.example:4318';

/** The configuration of traces with these settings. `hasAgent`: an agent runs in the process. */
function load(
  env: Readonly<Record<string, string>>,
  {
    files = {},
    hasAgent = false,
  }: { readonly files?: Readonly<Record<string, string>>; readonly hasAgent?: boolean } = {},
) {
  const all = { ...environmentFor({ url: 'http://127.0.0.1:1' }), ...env };
  return loadConfig(all, (path) => files[path] ?? '', Date.now, undefined, undefined, hasAgent).tracing;
}

/** How our own SDK exports; undefined: it does not run. */
function optionsOf(env: Readonly<Record<string, string>>) {
  const tracing = load(env);
  return tracing.by === 'own' ? tracing.options : undefined;
}

/** The problems that a start with these settings names. */
function problemsOf(env: Readonly<Record<string, string>>, options?: Parameters<typeof load>[1]): string {
  try {
    load(env, options);
    return '';
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

describe('the settings of traces', () => {
  it.each<[Readonly<Record<string, string>>, boolean]>([
    [{}, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: ENDPOINT }, true],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: ENDPOINT }, true],
    [{ OTEL_TRACES_EXPORTER: 'otlp' }, true],
    [{ OTEL_TRACES_EXPORTER: 'none', OTEL_EXPORTER_OTLP_ENDPOINT: ENDPOINT }, false],
    [{ OTEL_SDK_DISABLED: 'true', OTEL_EXPORTER_OTLP_ENDPOINT: ENDPOINT }, false],
    [{ OTEL_SERVICE_NAME: 'gateway' }, false],
  ])('turn tracing on where a collector is named: %j', (env, isOn) => {
    expect(optionsOf(env) !== undefined).toBe(isOn);
  });

  it.each([
    [{ OTEL_TRACES_EXPORTER: 'otlp' }, 'http://localhost:4318/v1/traces'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: `${ENDPOINT}/` }, `${ENDPOINT}/v1/traces`],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: `${ENDPOINT}/base` }, `${ENDPOINT}/base/v1/traces`],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: `${ENDPOINT}/base/?tenant=one` }, `${ENDPOINT}/base/v1/traces?tenant=one`],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://other', OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${ENDPOINT}/x` },
      `${ENDPOINT}/x`,
    ],
  ])('say where traces go: %j', (env, url) => {
    expect(optionsOf({ ...env })?.exporter.url).toBe(url);
  });

  it('take those for traces before those for all, and join headers', () => {
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: ENDPOINT,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_TIMEOUT: '1000',
      OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: '2000',
      OTEL_EXPORTER_OTLP_COMPRESSION: 'none',
      OTEL_EXPORTER_OTLP_TRACES_COMPRESSION: 'gzip',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20a, x-one=1',
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'x-one=2',
    };
    expect(optionsOf(env)?.exporter).toMatchObject({
      ...{ format: 'json', timeoutMillis: 2000, compression: 'gzip' },
      headers: { authorization: 'Bearer a', 'x-one': '2' },
    });
  });

  it('name the process', () => {
    const on = { OTEL_EXPORTER_OTLP_ENDPOINT: ENDPOINT };
    expect(optionsOf(on)?.resource).toEqual({ 'service.name': 'call-trace-gateway' });
    const attributes = 'service.name=one,deployment.environment.name=test%2Cx';
    const named = { ...on, OTEL_RESOURCE_ATTRIBUTES: attributes };
    expect(optionsOf(named)?.resource).toEqual({ 'service.name': 'one', 'deployment.environment.name': 'test,x' });
    expect(optionsOf({ ...named, OTEL_SERVICE_NAME: 'two' })?.resource['service.name']).toBe('two');
  });

  it.each([
    ['OTEL_TRACES_EXPORTER', 'console', 'must be one of otlp, none'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318', 'must be the http or https URL of a collector'],
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc', 'must be one of http/protobuf, http/json'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'authorization', 'must list name=value with commas between them'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'authorization=a%0Ab', 'must list name=value that a header can carry'],
    ['OTEL_EXPORTER_OTLP_TRACES_HEADERS', 'x%20y=a', 'must list name=value that a header can carry'],
    ['OTEL_BSP_MAX_EXPORT_BATCH_SIZE', '2049', 'must not be more than OTEL_BSP_MAX_QUEUE_SIZE'],
    ['OTEL_EXPORTER_OTLP_CERTIFICATE', 'text.pem', 'must hold certificates (PEM)'],
    ['OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE', 'text.pem', 'must hold certificates (PEM)'],
    ['OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY', 'text.pem', 'must hold a private key (PEM)'],
    [
      'OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE',
      'text.pem',
      'and OTEL_EXPORTER_OTLP_CLIENT_KEY go together; give both, or neither',
    ],
    ['OTEL_RESOURCE_ATTRIBUTES', 'a=%zz', 'must list name=value with commas between them'],
    ['OTEL_EXPORTER_OTLP_TIMEOUT', '10s', 'must be an integer from 1 to 600000'],
    ['OTEL_TRACES_SAMPLER', 'jaeger_remote', 'must be one of always_on, always_off, traceidratio'],
    ['OTEL_TRACES_SAMPLER_ARG', '1.5', 'must be a number from 0 to 1'],
    ['OTEL_TRACES_SAMPLER_ARG', '1%', 'must be a number from 0 to 1'],
    ['OTEL_PROPAGATORS', 'b3', 'must list tracecontext and baggage, or be none'],
    ['OTEL_SERVICE_NAM', 'x', 'is no setting; did you mean OTEL_SERVICE_NAME?'],
  ])('refuse %s=%s', (name, value, problem) => {
    const env = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: ENDPOINT, [name]: value };
    expect(problemsOf(env, { files: { 'text.pem': 'text' } })).toContain(`${name} ${problem}`);
  });

  it('keep every = behind the first of a header', () => {
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: ENDPOINT,
      OTEL_EXPORTER_OTLP_HEADERS: 'Authorization=Basic dXNlcjpwYXNzMQ==',
    };
    expect(optionsOf(env)?.exporter.headers).toEqual({ Authorization: 'Basic dXNlcjpwYXNzMQ==' });
  });

  it('send no more at once than may wait', () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: ENDPOINT, OTEL_BSP_MAX_QUEUE_SIZE: '100' };
    expect(optionsOf(env)?.batch).toMatchObject({ maxQueueSize: 100, maxExportBatchSize: 100 });
  });

  /** What agents understand and the gateway does not. */
  const OF_AGENT = {
    OTEL_EXPORTER_OTLP_ENDPOINT: ENDPOINT,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
    OTEL_EXPORTER_OTLP_CERTIFICATE: 'text.pem',
    OTEL_PROPAGATORS: 'tracecontext,b3',
    OTEL_TRACES_SAMPLER: 'jaeger_remote',
    OTEL_TRACES_EXPORTER: 'otlp,console',
  };

  it.each([
    ['an agent exports', {}, { by: 'agent', readsHeaders: true }],
    ['an agent exports, which reads other headers', { OTEL_PROPAGATORS: 'b3' }, { by: 'agent', readsHeaders: false }],
    ['traces are off', { OTEL_SDK_DISABLED: 'true' }, { by: null }],
    ['nothing is exported', { OTEL_TRACES_EXPORTER: 'none' }, { by: null }],
  ])('are not judged where %s', (_, env: Readonly<Record<string, string>>, tracing) => {
    const files = { 'text.pem': 'text' };
    expect(load({ ...OF_AGENT, ...env }, { files, hasAgent: true })).toEqual(tracing);
  });

  it('read traceparent beside headers that are not known', () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: ENDPOINT, OTEL_PROPAGATORS: 'b3,tracecontext' };
    expect(optionsOf(env)?.readsHeaders).toBe(true);
  });

  it.each([
    'OTEL_METRICS_EXPORTER',
    'OTEL_BLRP_SCHEDULE_DELAY',
    'OTEL_LOG_LEVEL',
    'OTEL_NODE_DISABLED_INSTRUMENTATIONS',
  ])('leave %s to an agent', (name) => {
    expect(problemsOf({ [name]: 'none' })).toBe('');
  });
});
