import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { send } from '../../support/client.js';
import { newCallId, startTestGateway, type TestGateway } from '../../support/gateway.js';

const KEYS = JSON.stringify([]);

/** The value of a series; undefined if there is none. */
async function value(gateway: TestGateway, series: string): Promise<number | undefined> {
  const line = (await textOf(gateway)).split('\n').find((one) => one.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length));
}

async function textOf({ adminUrl }: TestGateway): Promise<string> {
  return (await fetch(`${adminUrl}/metrics`)).text();
}

describe('the metrics of a gateway that has just started', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({ REVISION: 'abc123' });
  });
  afterAll(() => gateway.close());

  it('have every series whose labels are known, at 0, so that the first failure of a process is an increase', async () => {
    const series = [
      ...[
        'INTERNAL_SERVER_ERROR',
        'UPSTREAM_TIMEOUT',
        'UPSTREAM_UNAVAILABLE',
        'FORBIDDEN',
        'BAD_USER_INPUT',
        'OTHER',
      ].map((code) => `calltrace_operation_failures_total{code="${code}"}`),
      ...['unauthenticated', 'guessing', 'rate_limited', 'keys_unavailable', 'too_large', 'bad_request'].map(
        (reason) => `calltrace_refused_total{reason="${reason}"}`,
      ),
      ...['ok', 'timeout', 'signature_refused', 'internal'].map(
        (outcome) => `calltrace_upstream_attempts_total{outcome="${outcome}"}`,
      ),
      ...['lost', 'refused'].map((kind) => `calltrace_redis_failures_total{kind="${kind}"}`),
      ...['answered', 'not_compiled'].map((outcome) => `calltrace_fast_path_requests_total{outcome="${outcome}"}`),
      ...['log', 'audit'].map((log) => `calltrace_log_lines_dropped_total{log="${log}"}`),
      'calltrace_answers_total{source="memory",stale="true"}',
      'calltrace_upstream_reading_notes_total{note="oddValues"}',
      'calltrace_operation_duration_seconds_count{kind="query"}',
      'calltrace_redis_command_duration_seconds_count{kind="read"}',
      'calltrace_upstream_queue_wait_seconds_count',
      'calltrace_single_flight_joins_total',
      'calltrace_lease_waits_total',
      'calltrace_audit_events_lost_total',
    ];
    const values = await Promise.all(series.map((one) => value(gateway, one)));
    expect(Object.fromEntries(series.map((one, index) => [one, values[index]]))).toEqual(
      Object.fromEntries(series.map((one) => [one, 0])),
    );
  });

  it('tell the same build as /readyz', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    const { body } = await send(`${gateway.adminUrl}/readyz`);
    expect(body).toMatchObject({ build: { version, revision: 'abc123', node: process.version } });
    expect(await textOf(gateway)).toContain(
      `calltrace_build_info{version="${version}",revision="abc123",node="${process.version}"} 1\n`,
    );
  });

  it('tell what runs, and the limits', async () => {
    const text = await textOf(gateway);
    expect(text).toMatch(
      /^calltrace_build_info\{version="\d+\.\d+\.\d+",revision="abc123",node="v\d+\.\d+\.\d+"\} 1$/m,
    );
    for (const [name, limit] of [
      ['upstream_queue_limit', 1_000],
      ['upstream_in_flight_limit', 20],
      ['memory_cache_limit_bytes', 64 * 1024 * 1024],
      ['connections_limit', 10_000],
      ['audit_writable', 1],
    ] as const)
      expect(await value(gateway, `calltrace_${name}`)).toBe(limit);
    expect(await value(gateway, 'calltrace_connections')).toBeGreaterThan(0);
  });

  it('are as Prometheus wants them', async () => {
    await gateway.query('query Today { __typename }');
    await gateway.query(`{ call(vdn: 170, callId: "${newCallId()}") { legs { callIdNum } } }`);
    const promtool = process.env['TEST_PROMTOOL'] ?? 'promtool';
    const checked = spawnSync(promtool, ['check', 'metrics'], { input: await textOf(gateway), encoding: 'utf8' });
    expect({ status: checked.status, output: checked.stdout + checked.stderr }).toEqual({ status: 0, output: '' });
  });
});

describe('the metrics of operations', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(() => gateway.close());

  it('count an operation that fails once, by its worst code', async () => {
    gateway.simulator.configure({ fault: 'http-503' });
    const { body } = await gateway.query(`{
      a: call(vdn: 170, callId: "${newCallId()}") { callId }
      b: call(vdn: 170, callId: "${newCallId()}") { callId }
      c: call(vdn: 170, callId: "${'x'.repeat(80)}") { callId }
    }`);
    expect(body.errors?.map(({ extensions }) => extensions['code']).sort()).toEqual([
      'BAD_USER_INPUT',
      'UPSTREAM_UNAVAILABLE',
      'UPSTREAM_UNAVAILABLE',
    ]);
    expect(await value(gateway, 'calltrace_operation_failures_total{code="UPSTREAM_UNAVAILABLE"}')).toBe(1);
    expect(await value(gateway, 'calltrace_operation_failures_total{code="BAD_USER_INPUT"}')).toBe(0);
    expect(await value(gateway, 'calltrace_operation_duration_seconds_count{kind="query"}')).toBe(1);
  });

  it('know an operation by the name its client gave it, whatever a router put behind it', async () => {
    for (const name of ['Wallboard__calls__0', 'Wallboard__calls__1', 'Wallboard'])
      await gateway.query(`query ${name} { __typename }`);
    expect(await value(gateway, 'calltrace_operations_total{kind="query",name="Wallboard",outcome="ok"}')).toBe(3);
    expect(await textOf(gateway)).not.toContain('Wallboard__');
  });
});

describe('the metrics of refused requests', () => {
  it('count them by reason', async () => {
    const gateway = await startTestGateway(
      {
        ...{ NODE_ENV: 'production', AUTH_MODE: 'api-key', API_KEYS_FILE: 'keys', ANONYMOUS_SCOPES: '' },
        ...{ MAX_BODY_KIB: '1', RATE_LIMIT_FAILED_LOGINS_PER_MINUTE: '2' },
      },
      { keys: KEYS },
    );
    const ask = (headers: Readonly<Record<string, string>>, path = '/graphql') =>
      send(`${gateway.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: '{"query":"{ __typename }"}',
      });
    const statuses: number[] = [];
    for (const key of ['one', 'two', 'three']) statuses.push((await ask({ 'x-api-key': key })).status);
    statuses.push((await ask({}, '/nowhere')).status);
    expect(statuses).toEqual([401, 401, 429, 404]);
    const reasons = ['unauthenticated', 'guessing', 'not_found', 'too_large'];
    const counted = await Promise.all(
      reasons.map((reason) => value(gateway, `calltrace_refused_total{reason="${reason}"}`)),
    );
    await gateway.close();
    expect(counted).toEqual([2, 1, 1, 0]);
  });
});
