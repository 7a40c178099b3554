import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { FallbackReason } from '../../../src/graphql/fast-path/fallback.js';
import { send } from '../../support/client.js';
import { newCallId, startTestGateway, type TestGateway } from '../../support/gateway.js';
import { startRedis } from '../../support/redis.js';
import { createTestClock } from '../../support/traces.js';
import { eventually } from '../../cache/redis/support/eventually.js';
import { post } from './support/questions.js';
import { compareTwins } from './support/seen.js';
import { startTwins, type Twins } from './support/twins.js';

const closing: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of closing.splice(0)) await one.close();
});

async function start(...given: Parameters<typeof startTestGateway>): Promise<TestGateway> {
  const gateway = await startTestGateway(...given);
  closing.push(gateway);
  return gateway;
}

async function startBoth(...given: Parameters<typeof startTwins>): Promise<Twins> {
  const twins = await startTwins(...given);
  closing.push(twins);
  return twins;
}

/** The value of a series of /metrics; 0 if it is not there. */
async function metric({ adminUrl }: TestGateway, series: string): Promise<number> {
  const text = await (await fetch(`${adminUrl}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`${series} `));
  return Number(line?.slice(series.length) ?? 0);
}

const answered = (gateway: TestGateway) => metric(gateway, 'calltrace_fast_path_requests_total{outcome="answered"}');
const fellBack = (gateway: TestGateway, reason: FallbackReason) =>
  metric(gateway, `calltrace_fast_path_requests_total{outcome="${reason}"}`);

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const byHash = (hash: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash: hash } } });
/** The text of a manifest of one document. */
const manifestOf = (id: string, body: string): string =>
  JSON.stringify({
    format: 'apollo-persisted-query-manifest',
    version: 1,
    operations: [{ id, name: 'x', type: 'query', body }],
  });
const sourceIn = ({ body }: { body: { data?: unknown } }): unknown =>
  (body.data as { call: { freshness: { source: string } } }).call.freshness.source;

const CALL =
  'query ($callId: ID!) { call(vdn: 170, callId: $callId) { callId callerNo freshness { source askedAt } } }';
const IN_PROGRESS = 10;
const NOW = Date.UTC(2026, 1, 10, 12);

describe('the fast path', () => {
  it('answers a document that the standard path has answered twice, and none before', async () => {
    const gateway = await start();
    const ask = (document: string) => gateway.query(document, { callId: newCallId() });
    const counts = async () => [await answered(gateway), await fellBack(gateway, 'not_compiled')];
    await ask(CALL);
    expect(await counts()).toEqual([0, 0]); // it had not even been asked
    await ask(`${CALL} # another`);
    await ask(CALL);
    expect(await counts()).toEqual([0, 2]);
    await ask(CALL);
    expect(await counts()).toEqual([1, 2]);
  });

  it('compiles nothing of a document that was refused', async () => {
    const gateway = await start({ LIMIT_COST: '1' });
    const TWO = 'query ($keys: [CallKeyInput!]!) { calls(keys: $keys) { id } }';
    const keys = (count: number) => ({
      keys: Array.from({ length: count }, () => ({ vdn: 170, callId: newCallId() })),
    });
    const statuses: number[] = [];
    for (const count of [2, 2, 2, 1, 1]) statuses.push((await gateway.query(TWO, keys(count))).status);
    expect(statuses).toEqual([400, 400, 400, 200, 200]);
    expect(await answered(gateway)).toBe(0);
    expect((await gateway.query(TWO, keys(1))).status).toBe(200);
    expect(await answered(gateway)).toBe(1);
    expect((await gateway.query(TWO, keys(2))).status).toBe(400);
    expect([await answered(gateway), await fellBack(gateway, 'variables')]).toEqual([1, 1]);
  });

  it('can be turned off', async () => {
    const gateway = await start({ FAST_PATH: 'false' });
    for (let time = 0; time < 3; time += 1) await gateway.query(CALL, { callId: newCallId() });
    expect([await answered(gateway), await fellBack(gateway, 'not_compiled')]).toEqual([0, 0]);
  });

  it('asks anew for a call that was forgotten', async () => {
    const gateway = await start();
    const callId = newCallId();
    const ask = async () => sourceIn(await gateway.query(CALL, { callId }));
    await gateway.query('{ __typename }');
    expect([await ask(), await ask(), await ask()]).toEqual(['UPSTREAM', 'MEMORY', 'MEMORY']);
    await gateway.query(`mutation { forgetCall(vdn: 170, callId: "${callId}") { forgotten } }`);
    expect([await ask(), await ask()]).toEqual(['UPSTREAM', 'MEMORY']);
    expect(await answered(gateway)).toBe(3);
  });

  it('shows a trace that was renewed, not the one before', async () => {
    const clock = createTestClock(NOW);
    const gateway = await start({}, {}, clock);
    const callId = `${NOW / 1000 - 60}-${IN_PROGRESS}`;
    const ask = async () => {
      const { body } = await gateway.query(CALL, { callId });
      return (body.data as { call: { freshness: object } }).call.freshness;
    };
    await ask();
    const before = { source: 'MEMORY', askedAt: new Date(NOW).toISOString() };
    expect([await ask(), await ask()]).toEqual([before, before]);
    clock.advance(11_000);
    const after = { askedAt: new Date(clock.wall()).toISOString() };
    expect([await ask(), await ask()]).toEqual([
      { source: 'UPSTREAM', ...after },
      { source: 'MEMORY', ...after },
    ]);
  });

  it('tells how old a trace is as of each answer', async () => {
    const clock = createTestClock(NOW);
    const gateway = await start({}, {}, clock);
    const query = `{ call(vdn: 170, callId: "${newCallId()}") { freshness { ageMs } } }`;
    const ages: unknown[] = [];
    for (const step of [0, 0, 1_500, 60_000]) {
      clock.advance(step);
      ages.push((await gateway.query(query)).body.data);
    }
    expect(ages).toEqual([0, 0, 1_500, 61_500].map((ageMs) => ({ call: { freshness: { ageMs } } })));
    expect(await answered(gateway)).toBe(2);
  });

  it('shows numbers whole to one caller and masked to the next, whoever asked first', async () => {
    const { fast, keys } = await startBoth();
    const [whole = {}, masked = {}] = keys;
    for (const order of [
      [whole, masked],
      [masked, whole],
    ] as const) {
      const callId = newCallId();
      const seen: string[] = [];
      for (const caller of [...order, ...order, ...order]) {
        const { body } = await fast.ask(post({ query: CALL, variables: { callId } }, caller));
        seen.push(body.includes('"callerNo":"****') ? 'masked' : 'whole');
      }
      const expected = order[0] === whole ? ['whole', 'masked'] : ['masked', 'whole'];
      expect(seen).toEqual([...expected, ...expected, ...expected]);
    }
    expect(await fast.fastPathAnswers()).toBeGreaterThan(8);
  });

  it('counts its views among the bytes in memory, eight of a trace at most', async () => {
    const gateway = await start();
    const callId = newCallId(12); // 400 legs
    const fields = [
      'callIdNum',
      'position',
      'deviceType',
      'deviceNo',
      'deviceIn',
      'callType',
      'waitBegin',
      'callBegin',
    ];
    const others = [
      'callEnd',
      'ackBegin',
      'enterReason',
      'leaveReason',
      'mediaType',
      'durationMs',
      'connectedMs',
      'isLast',
    ];
    const bytes = () => metric(gateway, 'calltrace_memory_cache_bytes');
    const ask = async (field: string) => {
      for (let time = 0; time < 3; time += 1)
        await gateway.query(`{ call(vdn: 170, callId: "${callId}") { legs { ${field} } } }`);
    };
    await gateway.query(`{ call(vdn: 170, callId: "${callId}") { id } }`);
    const bare = await bytes();
    await ask('callIdNum');
    const one = (await bytes()) - bare;
    expect(one).toBeGreaterThan(400 * '{"callIdNum":1},'.length);
    await ask('callIdNum');
    expect((await bytes()) - bare).toBe(one);
    for (const field of fields.slice(1)) await ask(field);
    const eight = (await bytes()) - bare;
    expect(eight).toBeGreaterThan(7 * one);
    for (const field of others) await ask(field);
    expect((await bytes()) - bare).toBeLessThan(2 * eight);
    await gateway.query(`mutation { forgetCall(vdn: 170, callId: "${callId}") { forgotten } }`);
    expect(await bytes()).toBe(0);
  });

  it('asks for the calls that are not in memory alone, once, even if one fails and the standard path answers', async () => {
    const gateway = await start();
    const CALLS = 'query ($ids: [CallKeyInput!]!) { calls(keys: $ids) { callId } }';
    const [held, other, failing] = [newCallId(), newCallId(), newCallId()];
    const ask = (...ids: string[]) => gateway.query(CALLS, { ids: ids.map((callId) => ({ vdn: 170, callId })) });
    await ask(held);
    await ask(held);
    expect((await ask(held, other, other)).body).toEqual({
      data: { calls: [{ callId: held }, { callId: other }, { callId: other }] },
    });
    expect([await answered(gateway), gateway.simulator.total]).toEqual([1, 2]);
    gateway.simulator.configure({ fault: 'result-0101001', faultCallIds: [failing] });
    const { body } = await ask(held, failing, newCallId());
    expect([body.data?.['calls'], body.errors]).toMatchObject([
      [{ callId: held }, null, {}],
      [{ path: ['calls', 1], extensions: { code: 'UPSTREAM_REJECTED' } }],
    ]);
    expect([await answered(gateway), gateway.simulator.total]).toEqual([1, 4]);
    expect(await fellBack(gateway, 'load_failed')).toBe(1);
  });

  it('answers from Redis where nothing is kept in memory, and lays nothing there beside the trace', async () => {
    const redis = await startRedis();
    const gateway = await start({ CACHE_MEMORY_MIB: '0', REDIS_URL: redis.url(), REDIS_COMMAND_TIMEOUT_MS: '5000' });
    closing.push(redis);
    const callId = newCallId();
    const source = async () => sourceIn(await gateway.query(CALL, { callId }));
    const valueOf = async () => {
      const [name = ''] = await redis.inside.keys(`*${callId}`);
      return name === '' ? null : redis.inside.getBuffer(name);
    };
    await eventually('the trace lies in Redis', async () => {
      await source();
      return (await valueOf()) !== null;
    });
    await source();
    const value = await valueOf();
    const [before, asked] = [await answered(gateway), gateway.simulator.total];
    for (let time = 0; time < 3; time += 1) expect(await source()).toBe('SHARED_CACHE');
    expect(await answered(gateway)).toBe(before + 3);
    expect(await valueOf()).toEqual(value);
    expect(gateway.simulator.total).toBe(asked);
  });

  it('runs only what the manifest holds where nothing else is run', async () => {
    const manifest = manifestOf(sha256(CALL), CALL);
    const gateway = await start(
      { TRUSTED_DOCUMENTS: 'enforce', TRUSTED_DOCUMENTS_FILE: '/manifest' },
      { '/manifest': manifest },
    );
    const ask = async (body: object) => {
      const { status, body: reply } = await send(`${gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ variables: { callId: newCallId() }, ...body }),
      });
      return [status, reply.errors?.map(({ extensions }) => extensions['code'])];
    };
    const refused = [400, ['DOCUMENT_NOT_TRUSTED']];
    const other = `${CALL} # not to the letter`;
    for (let time = 0; time < 3; time += 1) {
      expect(await ask({ query: CALL })).toEqual([200, undefined]);
      expect(await ask(byHash(sha256(CALL)))).toEqual([200, undefined]);
      expect(await ask({ query: other })).toEqual(refused);
      expect(await ask(byHash(sha256(other)))).toEqual(refused);
    }
    expect(await answered(gateway)).toBe(4); // all but the first two
  });
});

describe('the fast path and the standard path', () => {
  const KEYS = 'query ($keys: [CallKeyInput!]!) { calls(keys: $keys) { id callerNo freshness { ageMs } } }';
  const keysOf = (count: number) => Array.from({ length: count }, () => ({ vdn: 170, callId: newCallId() }));

  it('find a document by its hash once a client has sent it with the hash, not because it was asked by its text', async () => {
    const twins = await startBoth();
    const [caller = {}] = twins.keys;
    const both = compareTwins(twins, 'hashes');
    const variables = { callId: newCallId() };
    const hash = sha256(CALL);
    for (const body of [
      { query: CALL },
      { query: CALL },
      { query: CALL },
      byHash(hash), // not known
      { query: hash }, // no document
      byHash(CALL), // no hash
      { query: CALL, ...byHash(hash) },
      byHash(hash),
      byHash(hash),
      byHash(sha256('{ __typename }')),
      { query: hash },
    ])
      await both.ask(post({ variables, ...body }, caller));
    await both.end();
    expect(await twins.fast.fastPathAnswers()).toBe(2); // the third time by its text, and the last by its hash
  });

  it('take a document by its ID in the manifest before one by its hash', async () => {
    const files = { '/manifest': manifestOf('of the manifest', '{ __typename }') };
    const twins = await startBoth({ TRUSTED_DOCUMENTS: 'log', TRUSTED_DOCUMENTS_FILE: '/manifest' }, files);
    const [caller = {}] = twins.keys;
    const both = compareTwins(twins, 'documents');
    const asked = { variables: { callId: newCallId() }, ...byHash(sha256(CALL)) };
    for (const body of [{ query: CALL }, {}, {}, { documentId: 'of the manifest' }, {}])
      await both.ask(post({ ...asked, ...body }, caller));
    await both.end();
    expect(await twins.fast.fastPathAnswers()).toBe(2);
  });

  it('refuse a caller with too few points alike, and charge alike', async () => {
    const twins = await startBoth({ RATE_LIMIT_POINTS_PER_MINUTE: '13' });
    const caller = await twins.token('spender', ['*/*'], true);
    const another = await twins.token('another', ['*/*'], true);
    const question = (count: number, by = caller) => post({ query: KEYS, variables: { keys: keysOf(count) } }, by);
    const left = post({ query: '{ callRateLimit { remaining } }' }, caller);
    const inBoth = async (asked: ReturnType<typeof post>) => {
      const answers = await Promise.all([twins.fast, twins.standard].map((twin) => twin.ask(asked)));
      return answers.map(({ status, headers, body }) => [
        status,
        Object.keys(headers).sort(),
        body.replace(/"(retryAfterMs|requestId|askedAt)":("[^"]*"|\d+)/g, '"$1":0'),
      ]);
    };
    for (let time = 0; time < 2; time += 1) await inBoth(question(1, another)); // the document is compiled then
    for (const asked of [question(4), question(4), left, question(4), left, question(1), left, question(1)]) {
      const [ours, theirs] = await inBoth(asked);
      expect(ours).toEqual(theirs);
    }
    expect((await twins.fast.ask(question(1))).status).toBe(429);
    expect(twins.fast.simulator.total).toBe(twins.standard.simulator.total);
    expect(await twins.fast.fastPathAnswers()).toBe(3); // twice of four, and of one
  });

  it('charge nothing for a number that GraphQL takes for no Int', async () => {
    const twins = await startBoth();
    const another = await twins.token('another', ['*/*'], true);
    const caller = await twins.token('new here', ['*/*'], true);
    const both = compareTwins(twins, 'numbers');
    const ask = (keys: readonly object[], by: typeof caller) =>
      both.ask(post({ query: KEYS, variables: { keys } }, by));
    for (let time = 0; time < 3; time += 1) await ask(keysOf(1), another);
    await ask([...keysOf(2), { vdn: 2 ** 31, callId: newCallId() }], caller);
    await ask([...keysOf(2), { vdn: 1, callId: newCallId(), ccId: 2 ** 40 }], caller);
    await both.ask(post({ query: '{ callRateLimit { remaining } }' }, caller));
    await both.end();
    expect(await twins.fast.fastPathAnswers()).toBe(1);
  });

  it('answer from the same traces, though the clock went back before the standard path had to answer', async () => {
    const twins = await startBoth();
    const [caller = {}] = twins.keys;
    const both = compareTwins(twins, 'clock');
    const [first, failing, alsoFailing] = keysOf(3);
    const ask = (...keys: (object | undefined)[]) => both.ask(post({ query: KEYS, variables: { keys } }, caller));
    for (let time = 0; time < 2; time += 1) await ask(first);
    for (const { simulator } of [twins.fast, twins.standard])
      simulator.configure({
        fault: 'result-0101001',
        faultCallIds: [failing, alsoFailing].map((key) => key?.callId ?? ''),
      });
    twins.clock.setWall(twins.clock.wall() - 86_400_000); // two replies make it known
    await ask(first, failing, alsoFailing);
    await both.end();
  });

  it('write the same audit, with each call once', async () => {
    const twins = await startBoth();
    const [caller = {}] = twins.keys;
    const both = compareTwins(twins, 'audit');
    const [one, other] = keysOf(2);
    const asked = post({ query: KEYS, variables: { keys: [one, other, one] } }, caller);
    for (let time = 0; time < 3; time += 1) await both.ask(asked);
    await both.end();
    const events = twins.fast.logLines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events.filter(({ log }) => log === 'audit')).toMatchObject(
      [1, 2, 3].map((time) => ({
        caller: 'key:whole',
        numbers: 'whole',
        requestId: `audit-${time}`,
        calls: [one, other].map((key) => `1:170:2025-01:${key?.callId ?? ''}`),
      })),
    );
    expect(await twins.fast.fastPathAnswers()).toBe(1);
  });
});
