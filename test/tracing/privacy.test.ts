import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createApiKey } from '../../src/access/new-api-key.js';
import { SPANS } from '../../src/tracing/span.js';
import { requests } from '../fuzz/support/requests.js';
import { agent, sendFuzzed } from '../fuzz/support/send.js';
import { CALL_IDS } from '../fuzz/support/values.js';
import { newCallId, startTestGateway, ACCESS_KEY, SECRET_KEY, type TestGateway } from '../support/gateway.js';
import { openSharedRedis, type SharedRedis } from '../support/redis.js';
import { newTraceparent, startCollector, type Collector } from './support/collector.js';

const CASES = 200;
const PHONE = '+8613800138000';
const NAME = 'erika.mustermann';

/** What may hold digits: IDs of traces, times, hashes, UUIDs, and the result codes of the interface. */
const DIGITS_OF_OURS =
  /"(traceId|spanId|parentSpanId|startTimeUnixNano|endTimeUnixNano)":"\w+"|[\da-f]{64}|[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}|"calltrace.result_code","value":\{"stringValue":"\d{7}"/g;

describe('what is exported, whatever is asked', () => {
  const { key, entry } = createApiKey({ name: NAME, vdns: '1/170' }, Date.now);
  let collector: Collector;
  let redis: SharedRedis;
  let gateway: TestGateway;
  let folder: string;
  const shown = new Set<string>();
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'call-trace-privacy-'));
    const keys = join(folder, 'keys.json');
    const text = JSON.stringify([{ ...entry, scopes: ['numbers'] }]);
    writeFileSync(keys, text);
    [collector, redis] = await Promise.all([startCollector(), openSharedRedis()]);
    gateway = await startTestGateway(
      {
        ...collector.env,
        ...{ REDIS_URL: redis.url, REDIS_KEY_PREFIX: redis.keyPrefix, RATE_LIMIT_FAILED_LOGINS_PER_MINUTE: '0' },
        ...{ AUTH_MODE: 'api-key', ANONYMOUS_SCOPES: '', API_KEYS_FILE: keys, CACHE_STALE_WHILE_REVALIDATE: 'true' },
      },
      { [keys]: text },
    );
    const ask = async (document: string, headers: Readonly<Record<string, string>> = {}) => {
      const traceparent = newTraceparent();
      const { body } = await gateway.query(document, {}, { 'x-api-key': key, traceparent, ...headers });
      for (const [, number = ''] of JSON.stringify(body).matchAll(/"calle[re]No":"([^"]+)"/g)) shown.add(number);
      return traceparent;
    };
    // Personal data wherever a client can put it.
    const tagged = {
      'x-request-id': PHONE.slice(1),
      'user-agent': PHONE,
      baggage: `n=${PHONE}`,
      tracestate: `n=${PHONE.slice(1)}`,
    };
    for (const callId of [...CALL_IDS, newCallId(3), newCallId(404)]) {
      await ask(
        `query of_1_380_013 { call(vdn: 170, callId: "${callId}") { callerNo calleeNo legs { callerNo } } }`,
        tagged,
      );
    }
    for (const fault of ['http-503', 'result-0100002', 'wrong-types', 'reset'] as const) {
      gateway.simulator.configure({ fault });
      await ask(`{ call(vdn: 170, callId: "${newCallId()}") { callerNo } }`);
    }
    gateway.simulator.reset();
    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        const headers = [...request.headers, ['x-api-key', key] as const];
        await sendFuzzed(gateway.url, { ...request, headers });
      }),
      { numRuns: CASES },
    );
    await collector.traceOf(await ask(`mutation { forgetCall(vdn: 170, callId: "${CALL_IDS[0]}") { done } }`));
  }, 120_000);
  afterAll(async () => {
    agent.destroy();
    await gateway.close();
    await Promise.all([collector.close(), redis.close()]);
    rmSync(folder, { recursive: true });
  });

  it('holds spans of every kind of request', () => {
    const names = new Set(collector.spans.map(({ name }) => name));
    expect([...names]).toEqual(expect.arrayContaining(['query', 'GraphQL Operation', 'load calls', 'GET', 'EVAL']));
    const paths = new Set(collector.spans.map(({ attributes }) => attributes['calltrace.path']));
    expect([...paths]).toEqual(expect.arrayContaining(['standard', 'refused']));
    expect(shown.size).toBeGreaterThan(5);
  });

  it('names nothing but our spans', () => {
    const names = new Set(collector.spans.map(({ name }) => name));
    expect([...names].filter((name) => !Object.keys(SPANS).includes(name))).toEqual([]);
  });

  it('holds no phone number, call ID, name or key', () => {
    const bytes = collector.bodies.join('\n');
    const personal = [...shown, ...CALL_IDS, PHONE, PHONE.slice(1), NAME, key, ACCESS_KEY, SECRET_KEY];
    expect(personal.filter((one) => bytes.replaceAll(DIGITS_OF_OURS, '').includes(one))).toEqual([]);
  });

  it('holds no number of six digits or more but our own', () => {
    const bytes = collector.bodies.join('\n').replaceAll(DIGITS_OF_OURS, '');
    expect([...bytes.matchAll(/.{0,40}\d{6,}.{0,40}/g)].map(([found]) => found)).toEqual([]);
  });
});
