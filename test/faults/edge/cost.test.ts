import { readFileSync, readdirSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import { CALL_FIELDS, HEAVY_OPERATIONS, keysOfCalls, LEG_FIELDS, times } from '../../../bench/heavy-operations.js';
import type { Reply } from '../../support/client.js';
import { newCallId, startTestGateway, type TestGateway } from '../../support/gateway.js';
import { startGatewayProcess, startSimulatorProcess, type ProgramProcess } from '../../support/gateway-process.js';
import { environmentFor } from '../../support/gateway.js';

const ALL = `{ ${CALL_FIELDS} legs { ${LEG_FIELDS} } }`;
const CALLS = 'query ($keys: [CallKeyInput!]!) { calls(keys: $keys)';
const keysOf = (count: number) => Array.from({ length: count }, () => ({ vdn: 170, callId: newCallId() }));
const errorOf = ({ status, body }: Reply) => ({
  status,
  code: body.errors?.[0]?.extensions['code'],
  retryable: body.errors?.[0]?.extensions['retryable'],
  hasData: body.data !== undefined,
});
/** A refusal that no waiting changes. */
const REFUSED = { status: 400, code: 'OPERATION_TOO_COMPLEX', retryable: false, hasData: false };

let gateway: TestGateway;
afterEach(() => gateway.close());

describe('an operation whose answer would have too many fields', () => {
  it('is refused before anything is asked, by what its calls have as a rule', async () => {
    gateway = await startTestGateway({ NUMBER_HASH_KEY: 'a key of these tests, long enough' });
    const aliases = HEAVY_OPERATIONS.find(({ name }) => name === '5 lists of 200 calls, 43 aliases of a hash');
    const reply = await gateway.query(aliases?.document ?? '', aliases?.variables);
    expect(errorOf(reply)).toEqual(REFUSED);
    expect(reply.body.errors?.[0]?.message).toMatch(/at most 1050 is taken\. .*: ask for fewer calls or fewer fields/);
    expect(gateway.simulator.total).toBe(0);
  });

  it('is refused as a whole once the calls turn out to have too many legs, and shows nobody', async () => {
    gateway = await startTestGateway({ REQUEST_DEADLINE_MS: '60000', CMS_ATTEMPT_TIMEOUT_MS: '60000' });
    const keys = keysOfCalls(20, 400);
    const document = `${CALLS} { callId legs { ${LEG_FIELDS} } } }`;
    for (let time = 0; time < 4; time += 1) {
      const reply = await gateway.query(document, { keys });
      expect(errorOf(reply)).toEqual(REFUSED);
      expect(reply.body.errors).toHaveLength(1);
      expect(reply.body.errors?.[0]?.message).toContain('more than 50000 fields');
      expect(reply.body.errors?.[0]?.extensions['requestId']).toBe(reply.headers.get('x-request-id'));
    }
    expect(gateway.logLines.filter((line) => line.includes('phone numbers were shown'))).toEqual([]);
    const { body } = await gateway.query(document, { keys: keys.slice(0, 2) });
    expect(body.errors).toBeUndefined();
  });

  it('has as many as LIMIT_FIELDS says', async () => {
    gateway = await startTestGateway({ LIMIT_FIELDS: '12' });
    const ask = (fields: number) =>
      gateway.query(`{ call(vdn: 170, callId: "${newCallId()}") { ${times(fields, (n) => `a${n}: id`)} } }`);
    expect((await ask(10)).body.errors).toBeUndefined();
    expect(errorOf(await ask(11))).toEqual(REFUSED);
  });
});

describe('what is usual', () => {
  it('is within the limits: the operations of the examples, 25 calls of 40 legs with all fields, 500 entities', async () => {
    gateway = await startTestGateway({
      NODE_ENV: 'production',
      REQUEST_DEADLINE_MS: '60000',
      CMS_ATTEMPT_TIMEOUT_MS: '60000',
    });
    for (const file of readdirSync('examples').filter((name) => name.endsWith('.graphql'))) {
      let variables = {};
      try {
        variables = JSON.parse(readFileSync(`examples/${file.replace('.graphql', '.json')}`, 'utf8')) as object;
      } catch {
        // it has none
      }
      const { status, body } = await gateway.query(readFileSync(`examples/${file}`, 'utf8'), { ...variables });
      expect([file, status, body.errors]).toEqual([file, 200, undefined]);
    }
    const { body } = await gateway.query(`${CALLS} ${ALL} }`, { keys: keysOfCalls(25, 40) });
    expect(body.errors).toBeUndefined();
    expect((body.data?.['calls'] as { legs: unknown[] }[]).map(({ legs }) => legs.length)).toEqual(Array(25).fill(40));
    const representations = keysOf(500).map((key) => ({ __typename: 'Call', ccId: 1, month: '2025-01', ...key }));
    const entities = await gateway.query(
      'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Call { callId complete } } }',
      { representations },
    );
    expect(entities.body.errors).toBeUndefined();
    expect(entities.body.data?.['_entities']).toHaveLength(500);
  });

  it('holds an empty list of keys, which is answered with an empty list', async () => {
    gateway = await startTestGateway();
    const { body } = await gateway.query(`{ calls(keys: []) { id } call(vdn: 170, callId: "${newCallId()}") { vdn } }`);
    expect(body).toEqual({ data: { calls: [], call: { vdn: 170 } } });
  });
});

describe('points', () => {
  const LEFT = '{ callRateLimit { remaining } }';
  const remaining = async (document = LEFT, variables = {}): Promise<number> => {
    const { body } = await gateway.query(document, variables);
    return (body.data?.['callRateLimit'] as { remaining: number }).remaining;
  };

  it('that a caller never has are not worth waiting for: refused for good, with the most that can be paid', async () => {
    gateway = await startTestGateway({ RATE_LIMIT_POINTS_PER_MINUTE: '100' });
    const reply = await gateway.query(`${CALLS} { id } }`, { keys: keysOf(150) });
    expect(errorOf(reply)).toEqual(REFUSED);
    expect(reply.headers.get('retry-after')).toBeNull();
    expect(reply.body.errors?.[0]?.message).toMatch(/150.*100/);
  });

  it('that are too few just now are named as they were asked', async () => {
    gateway = await startTestGateway({ RATE_LIMIT_POINTS_PER_MINUTE: '100' });
    const document = `${CALLS} { id } }`;
    for (let time = 0; time < 3; time += 1) await gateway.query(document, { keys: keysOf(30) });
    const { status, body } = await gateway.query(document, { keys: keysOf(30) });
    expect(status).toBe(429);
    expect(body.errors?.[0]).toMatchObject({
      message: expect.stringContaining('costs 30 of the 100 points'),
      extensions: { code: 'RATE_LIMITED', retryable: true },
    });
  });

  it('are charged for a document that is new, by its length, and no longer once it is known', async () => {
    gateway = await startTestGateway({ RATE_LIMIT_POINTS_PER_MINUTE: '10000' });
    const document = `{ callRateLimit { cost } } # ${'x'.repeat(10_000)}`;
    const costs: unknown[] = [];
    for (let time = 0; time < 3; time += 1)
      costs.push(((await gateway.query(document)).body.data?.['callRateLimit'] as { cost: number }).cost);
    expect(costs).toEqual([1 + 41, 1, 1]);
    await remaining();
    const before = await remaining();
    await gateway.query(`{ nothing } # ${'x'.repeat(10_000)}`);
    expect(before - (await remaining())).toBe(1 + 41 + 1);
  });

  it('are charged afterwards for what came beyond the legs assumed, the same on either path', async () => {
    gateway = await startTestGateway({ RATE_LIMIT_POINTS_PER_MINUTE: '10000' });
    const [short, long] = [keysOfCalls(1, 4), keysOfCalls(1, 400)];
    const document = `${CALLS} { legs { ${LEG_FIELDS} } } }`;
    const spent = async (keys: object[]): Promise<number> => {
      const before = await remaining();
      await gateway.query(document, { keys });
      return before - (await remaining()) - 1;
    };
    await remaining();
    await spent(short);
    // The first times the standard path answers, then the fast path.
    for (let time = 0; time < 4; time += 1) {
      expect(await spent(short)).toBe(1);
      // 33 fields and the leg itself, 400 times: 27 points for each 500.
      expect(await spent(long)).toBe(1 + 27);
    }
    expect(await (await fetch(`${gateway.adminUrl}/metrics`)).text()).toMatch(
      /fast_path_requests_total\{outcome="answered"\} [1-9]/,
    );
  });
});

describe('200 calls of 400 legs in 512 MiB', () => {
  const programs: ProgramProcess[] = [];
  afterEach(async () => {
    for (const program of programs.splice(0)) await program.kill();
  });

  it('are refused before memory is gone, while small calls go on', async () => {
    gateway = await startTestGateway();
    const simulator = await startSimulatorProcess();
    programs.push(simulator);
    const process = await startGatewayProcess({
      ...environmentFor(simulator),
      NODE_OPTIONS: '--max-old-space-size=400',
      CMS_MAX_CONCURRENCY: '100',
      REQUEST_DEADLINE_MS: '60000',
      CMS_ATTEMPT_TIMEOUT_MS: '60000',
    });
    programs.push(process);
    const small = () => process.query('{ call(vdn: 170, callId: "1736000000-2") { complete } }');
    await small();
    // All fields are too many by themselves; half of them are when the legs have come.
    const half = LEG_FIELDS.split(/\s+/).slice(0, 16).join(' ');
    let isOver = false;
    const heavy = [ALL, `{ callId legs { ${half} } }`].map((fields) =>
      process.query(`${CALLS} ${fields} }`, { keys: keysOfCalls(200, 400) }),
    );
    const all = Promise.all(heavy).finally(() => (isOver = true));
    let answered = 0;
    while (!isOver) {
      expect((await small()).body).toEqual({ data: { call: { complete: true } } });
      answered += 1;
    }
    for (const reply of await all) expect(errorOf(reply)).toEqual(REFUSED);
    expect(answered).toBeGreaterThan(2);
    const [, kib] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${process.pid}/status`, 'utf8')) ?? [];
    expect(Number(kib)).toBeLessThan(512 * 1024);
  }, 120_000);
});
