import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import { newCallId, NEVER_FOUND } from '../support/gateway.js';
import { startRedis } from '../support/redis.js';
import { eventually } from '../cache/redis/support/eventually.js';
import { REDIS_COMMANDS } from '../../src/cache/redis/circuit-breaker.js';
import { REPLY_NOTES } from '../../src/call/trace.js';
import { FALLBACK_REASONS } from '../../src/graphql/fast-path/fallback.js';
import { FAILURE_CODES } from '../../src/observability/failure-codes.js';
import { REFUSAL_REASONS } from '../../src/observability/refusals.js';
import { OUTCOMES } from '../../src/upstream/failure.js';
import { clockOf, createEstate, type EstateGateway } from '../upstream/support/estate.js';

const estate = createEstate();
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await estate.close();
  for (const close of closing.splice(0)) await close();
});

const IN_PROGRESS = 10;

/** The value of a series: a name, and its labels as they stand in the text. Undefined if there is none. */
async function value(gateway: EstateGateway, series: string): Promise<number | undefined> {
  const line = (await gateway.metrics()).split('\n').find((one) => one.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length));
}

/** By how much each of these series moves while the work is done; one that is not there yet is 0. */
async function moves(
  gateway: EstateGateway,
  series: readonly string[],
  work: () => Promise<unknown>,
): Promise<number[]> {
  const before = await Promise.all(series.map((one) => value(gateway, one)));
  await work();
  const after = await Promise.all(series.map((one) => value(gateway, one)));
  return series.map((_, index) => (after[index] ?? 0) - (before[index] ?? 0));
}

describe('/metrics', () => {
  it('is the text that Prometheus reads, not to be cached', async () => {
    const gateway = await estate.openGateway(await estate.startCentre());
    const response = await fetch(`${gateway.url}/metrics`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const text = await response.text();
    expect(text).toMatch(/^# HELP calltrace_operations_total \S/m);
    expect(text).toMatch(/^# TYPE calltrace_operations_total counter$/m);
  });

  it('has what node tells of itself: memory, and the delay of its loop', async () => {
    const gateway = await estate.openGateway(await estate.startCentre());
    expect(await value(gateway, 'process_resident_memory_bytes')).toBeGreaterThan(10_000_000);
    expect(await value(gateway, 'nodejs_eventloop_lag_seconds')).toBeGreaterThanOrEqual(0);
  });
});

describe('the metrics of operations', () => {
  it('count answers and failures by kind and outcome, and time them', async () => {
    const simulator = await estate.startCentre();
    const gateway = await estate.openGateway(simulator);
    const moved = (series: readonly string[], work: () => Promise<unknown>) => moves(gateway, series, work);
    const ok = 'calltrace_operations_total{kind="query",name="anonymous",outcome="ok"}';
    const timed = 'calltrace_operation_duration_seconds_count{kind="query"}';

    expect(await moved([ok, timed], () => gateway.calls([newCallId()]))).toEqual([1, 1]);
    simulator.configure({ fault: 'http-500' });
    const unavailable = 'calltrace_operations_total{kind="query",name="anonymous",outcome="UPSTREAM_UNAVAILABLE"}';
    // Of one operation, a code counts once however many items have it.
    expect(await moved([ok, unavailable, timed], () => gateway.calls([newCallId(), newCallId()]))).toEqual([0, 1, 1]);
    expect(
      await moved(
        ['calltrace_operations_total{kind="none",name="anonymous",outcome="GRAPHQL_VALIDATION_FAILED"}'],
        () => gateway.query('{ nothing }'),
      ),
    ).toEqual([1]);
  });

  it('tell operations apart by the names that clients give them, so many and no more', async () => {
    const simulator = await estate.startCentre();
    const gateway = await estate.openGateway(simulator, { env: { METRICS_OPERATION_NAMES: '2' } });
    const countOf = (kind: string, name: string, outcome: string) =>
      value(gateway, `calltrace_operations_total{kind="${kind}",name="${name}",outcome="${outcome}"}`);
    await gateway.query('query Today { __typename }');
    await gateway.query('query Today { __typename }');
    await gateway.query('query Nothing { nothing }'); // is no operation, and takes no place
    await gateway.query(`mutation Forget { forgetCall(vdn: 0, callId: "${newCallId()}") { told } }`);
    await gateway.query(`mutation Forget { forgetCall(vdn: 0, callId: "${newCallId()}") { forgotten } }`);
    for (const name of ['One', 'Two', 'CallsOf5550100001']) await gateway.query(`query ${name} { __typename }`);
    simulator.configure({ fault: 'http-503' });
    await gateway.query(`query Today { call(vdn: 170, callId: "${newCallId()}") { callId } }`);

    expect(await countOf('query', 'Today', 'ok')).toBe(2);
    expect(await countOf('query', 'Today', 'UPSTREAM_UNAVAILABLE')).toBe(1);
    expect(await countOf('mutation', 'Forget', 'BAD_USER_INPUT')).toBe(1);
    expect(await countOf('query', 'other', 'ok')).toBe(3);
    expect(await gateway.metrics()).not.toMatch(/"(One|Two|Nothing)"|5550100001/);
  });

  it('count how often the fast path answers, and why it falls back', async () => {
    const gateway = await estate.openGateway(await estate.startCentre());
    const series = ['answered', 'not_compiled', 'unsupported'].map(
      (outcome) => `calltrace_fast_path_requests_total{outcome="${outcome}"}`,
    );
    const callId = newCallId();
    // The type of a reply's content is known from the first answer on; then the path is asked.
    for (let asked = 0; asked < 3; asked += 1) await gateway.query('{ __typename }');
    expect(await moves(gateway, series, () => gateway.calls([callId]))).toEqual([0, 1, 0]);
    await gateway.calls([callId]);
    expect(await moves(gateway, series, () => gateway.calls([callId]))).toEqual([1, 0, 0]);
    expect(await moves(gateway, series, () => gateway.query('{ __typename }'))).toEqual([0, 0, 1]);
  });

  it('count traces by where they came from', async () => {
    const simulator = await estate.startCentre();
    const gateway = await estate.openGateway(simulator, { env: { CACHE_OPEN_TTL_SECONDS: '0' } });
    const series = (source: string, stale: boolean) =>
      `calltrace_answers_total{source="${source}",stale="${String(stale)}"}`;
    const callId = newCallId();
    expect(await moves(gateway, [series('upstream', false)], () => gateway.calls([callId]))).toEqual([1]);
    expect(await moves(gateway, [series('memory', false)], () => gateway.calls([callId]))).toEqual([1]);

    const open = `${Math.floor(Date.now() / 1000) - 60}-${IN_PROGRESS}`;
    await gateway.calls([open]);
    simulator.configure({ fault: 'http-500' });
    expect(await moves(gateway, [series('memory', true)], () => gateway.calls([open]))).toEqual([1]);
  });
});

describe('the metrics of the contact centre', () => {
  it.each([
    ['ok', null],
    ['http_5xx', 'http-503'],
    ['http_429', 'http-429'],
    ['signature_refused', 'http-401'],
    ['address_locked', 'http-403-json'],
    ['firewall', 'http-418'],
    ['http_other', 'redirect'],
    ['malformed', 'truncated-json'],
    ['rejected', 'result-0100002'],
    ['reset', 'reset'],
    ['timeout', 'hang-before-headers'],
  ] as const)('count requests by outcome: %s', async (outcome, fault) => {
    const simulator = await estate.startCentre();
    simulator.configure({ fault });
    const gateway = await estate.openGateway(simulator, {
      env: outcome === 'timeout' ? { CMS_ATTEMPT_TIMEOUT_MS: '200' } : {},
    });
    const series = [
      `calltrace_upstream_attempts_total{outcome="${outcome}"}`,
      'calltrace_upstream_attempt_duration_seconds_count',
    ];
    expect(await moves(gateway, series, () => gateway.calls([newCallId(), newCallId()]))).toEqual([2, 2]);
  });

  it('count retries as requests of their own', async () => {
    const simulator = await estate.startCentre();
    simulator.configure({ fault: 'http-503', faultCount: 1 });
    const gateway = await estate.openGateway(simulator, { env: { CMS_MAX_RETRIES: '2' } });
    const series = ['http_5xx', 'ok'].map((one) => `calltrace_upstream_attempts_total{outcome="${one}"}`);
    expect(await moves(gateway, series, () => gateway.calls([newCallId()]))).toEqual([1, 1]);
  });

  it('show what is under way and what waits', async () => {
    const simulator = await estate.startCentre();
    const gateway = await estate.openGateway(simulator, { env: { CMS_MAX_CONCURRENCY: '2' } });
    await gateway.calls([newCallId()]);
    simulator.configure({ fault: 'slow', slowMs: 1_000 });
    const asked = gateway.calls(Array.from({ length: 5 }, () => newCallId()));
    await eventually('two are under way', () => simulator.inFlight === 2);
    expect(await value(gateway, 'calltrace_upstream_in_flight')).toBe(2);
    expect(await value(gateway, 'calltrace_upstream_queued')).toBe(3);
    expect(await value(gateway, 'calltrace_upstream_in_flight_limit')).toBe(2);
    expect(await value(gateway, 'calltrace_upstream_queue_limit')).toBe(1_000);
    simulator.configure({ slowMs: 0 });
    await asked;
    expect(await value(gateway, 'calltrace_upstream_queue_wait_seconds_count')).toBe(6);
    expect(await value(gateway, 'calltrace_upstream_queue_wait_seconds_sum')).toBeGreaterThan(0);
    expect(await value(gateway, 'calltrace_upstream_in_flight')).toBe(0);
    expect(await value(gateway, 'calltrace_upstream_queued')).toBe(0);
  });

  it('count questions that joined one under way', async () => {
    const simulator = await estate.startCentre();
    const gateway = await estate.openGateway(simulator);
    await gateway.calls([newCallId()]);
    simulator.configure({ fault: 'slow', slowMs: 300 });
    const callId = newCallId();
    const both = () => Promise.all([gateway.calls([callId]), gateway.calls([callId])]);
    expect(await moves(gateway, ['calltrace_single_flight_joins_total'], both)).toEqual([1]);
  });

  it('count what was odd in replies that could be read all the same', async () => {
    const simulator = await estate.startCentre();
    const gateway = await estate.openGateway(simulator);
    await gateway.calls([newCallId()]);
    simulator.configure({ fault: 'duplicate-legs' });
    const duplicates = 'calltrace_upstream_reading_notes_total{note="duplicateRecords"}';
    const [counted] = await moves(gateway, [duplicates], () => gateway.calls([newCallId()]));
    expect(counted).toBeGreaterThan(0);
  });

  it('show an address that is left alone, by its place', async () => {
    const [first, second] = [await estate.startCentre(), await estate.startCentre()];
    const gateway = await estate.openGateway(first, { env: { CMS_BASE_URLS: `${first.url},${second.url}` } });
    const states = () =>
      Promise.all([0, 1].map((place) => value(gateway, `calltrace_upstream_endpoint_up{endpoint="${place}"}`)));
    expect(await states()).toEqual([1, 1]);
    first.configure({ fault: 'http-500' });
    await gateway.calls(Array.from({ length: 10 }, () => newCallId()));
    expect(await states()).toEqual([0, 1]);
  });

  it('show that the signature is refused', async () => {
    const gateway = await estate.openGateway(await estate.startCentre(), { env: { CMS_SECRET_KEY: 'wrong' } });
    const states = ['proven', 'unproven', 'refused', 'locked', 'no_answer'];
    const shown = () =>
      Promise.all(states.map((state) => value(gateway, `calltrace_upstream_signature_state{state="${state}"}`)));
    expect(await shown()).toEqual([0, 1, 0, 0, 0]);
    await gateway.calls(Array.from({ length: 5 }, () => newCallId()));
    expect(await shown()).toEqual([0, 0, 1, 0, 0]);
  });

  it('show the clock', async () => {
    const gateway = await estate.openGateway(await estate.startCentre(), {
      clock: clockOf(() => Date.now() - 120_000),
    });
    await gateway.calls([newCallId()]);
    const ahead = await value(gateway, 'calltrace_upstream_clock_ahead_seconds');
    expect(ahead).toBeGreaterThan(-122);
    expect(ahead).toBeLessThan(-117);
  });
});

describe('the metrics of the caches', () => {
  it('show the memory that traces take', async () => {
    const gateway = await estate.openGateway(await estate.startCentre());
    const [grown] = await moves(gateway, ['calltrace_memory_cache_bytes'], () =>
      gateway.calls([newCallId(), newCallId()]),
    );
    expect(grown).toBeGreaterThan(500);
  });

  it('say nothing of a Redis that is not configured, and 0 for one that is away', async () => {
    const simulator = await estate.startCentre();
    const none = await estate.openGateway(simulator);
    expect(await none.metrics()).not.toContain('calltrace_redis_up');
    const away = await estate.openGateway(simulator, { env: { REDIS_URL: 'redis://127.0.0.1:1' } });
    expect(await value(away, 'calltrace_redis_up')).toBe(0);
  });

  it('show Redis, its failures, answers from it, and waits for another gateway', async () => {
    const redis = await startRedis();
    closing.push(() => redis.close());
    const simulator = await estate.startCentre();
    const env = { REDIS_URL: redis.url() };
    const [one, other] = [await estate.openGateway(simulator, { env }), await estate.openGateway(simulator, { env })];
    const isUp = async (gateway: EstateGateway) => (await value(gateway, 'calltrace_redis_up')) === 1;
    await eventually('both have Redis', async () => (await isUp(one)) && (await isUp(other)));

    const callId = newCallId();
    const writes = 'calltrace_redis_command_duration_seconds_count{kind="write"}';
    expect(await value(one, writes)).toBe(0);
    await one.calls([callId]);
    await eventually('the time of a write is counted', async () => (await value(one, writes)) === 1);
    const fromRedis = 'calltrace_answers_total{source="shared_cache",stale="false"}';
    await eventually('the other finds it there', async () => {
      await other.calls([callId]);
      return ((await value(other, fromRedis)) ?? 0) > 0;
    });

    simulator.configure({ fault: 'slow', slowMs: 500 });
    const shared = newCallId();
    const first = one.calls([shared]);
    await eventually('the one asks', () => simulator.countOf(shared) === 1);
    expect(await moves(other, ['calltrace_lease_waits_total'], () => other.calls([shared]))).toEqual([1]);
    await first;
    expect(simulator.countOf(shared)).toBe(1);

    await redis.kill();
    simulator.configure({ fault: null });
    await eventually('Redis is left alone', async () => {
      await one.calls([newCallId()]);
      return !(await isUp(one));
    });
    await redis.start();
    await eventually('Redis is in use again', async () => {
      await one.calls([newCallId()]);
      return isUp(one);
    });
  });

  it('count the commands that Redis lost', async () => {
    const redis = await startRedis();
    closing.push(() => redis.close());
    const gateway = await estate.openGateway(await estate.startCentre(), { env: { REDIS_URL: redis.url() } });
    await eventually('Redis is in use', async () => (await value(gateway, 'calltrace_redis_up')) === 1);
    redis.pause();
    const lost = 'calltrace_redis_failures_total{kind="lost"}';
    const [counted] = await moves(gateway, [lost], () => gateway.calls([newCallId()]));
    redis.resume();
    expect(counted).toBeGreaterThanOrEqual(1);
  });
});

describe('docs/operations.md', () => {
  it('has every series of ours, with what it tells and what to do, and no other', async () => {
    const gateway = await estate.openGateway(await estate.startCentre(), { env: { REDIS_URL: 'redis://127.0.0.1:1' } });
    const served = [...(await gateway.metrics()).matchAll(/^# TYPE (calltrace_\w+)/gm)].map(([, name]) => name);
    const rows = readFileSync('docs/operations.md', 'utf8').matchAll(/^\| (`calltrace_.*?) \| (.+?) \| (.+?) \|$/gm);
    const told = [...rows].flatMap(([, names = '']) => [...names.matchAll(/calltrace_\w+/g)].map(([name]) => name));
    expect(told.sort()).toEqual(served.sort());
  });

  it.each([
    ['calltrace_fast_path_requests_total{outcome}', FALLBACK_REASONS],
    ['calltrace_refused_total{reason}', REFUSAL_REASONS],
    ['calltrace_upstream_reading_notes_total{note}', REPLY_NOTES],
  ])('names every label of %s', (series, labels) => {
    const row = readFileSync('docs/operations.md', 'utf8')
      .split('\n')
      .find((line) => line.startsWith(`| \`${series}\` |`));
    expect(labels.filter((label) => !row?.includes(`\`${label}\``))).toEqual([]);
  });
});

describe('the labels of the metrics', () => {
  it('are few, known, and hold nothing of a call, a number or a key', async () => {
    const simulator = await estate.startCentre();
    const gateway = await estate.openGateway(simulator, { env: { CMS_ATTEMPT_TIMEOUT_MS: '100' } });
    const callIds = Array.from({ length: 20 }, () => newCallId());
    await gateway.calls(callIds);
    await gateway.query('query ($callId: ID!) { call(vdn: 170, callId: $callId) { callId } }', {
      callId: newCallId(NEVER_FOUND),
    });
    for (const fault of ['http-503', 'http-401', 'html-200', 'result-0100002', 'hang-before-headers'] as const) {
      simulator.configure({ fault });
      await gateway.calls([newCallId()]);
    }
    await gateway.query('query Private5550100001($callId: ID!) { call(vdn: 170, callId: $callId) { callerNo } }', {
      callId: 'x'.repeat(80),
    });
    await gateway.query('{ __typename }', { secret: 'demo-secret-key' });
    const text = await gateway.metrics();

    for (const callId of callIds) expect(text).not.toContain(callId);
    // Phone numbers of the simulator, the VDN, the keys, the address, a name that is a number.
    expect(text.replace(/ \S+$/gm, '')).not.toMatch(/5550\d{3}|vdn|"170"|demo-|auth-v2|127\.0\.0\.1/);

    const lines = text.split('\n').filter((line) => line.startsWith('calltrace_'));
    const labels = new Map<string, Set<string>>();
    for (const [, name, label] of lines.join('\n').matchAll(/(\w+)="([^"]*)"/g)) {
      labels.set(name ?? '', (labels.get(name ?? '') ?? new Set()).add(label ?? ''));
    }
    labels.delete('le');
    const build = ['version', 'revision', 'node'];
    const known: Record<string, readonly string[]> = {
      kind: ['query', 'mutation', 'none', 'lost', 'refused', ...REDIS_COMMANDS],
      name: ['anonymous', 'other'],
      outcome: ['ok', 'answered', ...Object.keys(OUTCOMES), ...FALLBACK_REASONS, ...FAILURE_CODES],
      code: FAILURE_CODES,
      reason: REFUSAL_REASONS,
      note: REPLY_NOTES,
      state: ['proven', 'unproven', 'refused', 'locked', 'no_answer'],
      source: ['upstream', 'shared_cache', 'memory'],
      stale: ['true', 'false'],
      endpoint: ['0'],
      log: ['log', 'audit'],
    };
    for (const [name, values] of labels) {
      if (!build.includes(name)) expect([name, known[name]]).toEqual([name, expect.arrayContaining([...values])]);
    }
    expect([...labels.keys()].sort()).toEqual(
      expect.arrayContaining(['endpoint', 'kind', 'name', 'outcome', 'source', 'stale']),
    );
    expect(lines.length).toBeLessThan(500);
  });
});
