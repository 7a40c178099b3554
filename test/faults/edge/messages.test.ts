import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FAULT_NAMES } from '../../../simulator/fault-names.js';
import { startSecured, type Secured } from '../../abuse/support/secured.js';
import type { GraphqlBody } from '../../support/client.js';
import { newCallId, startTestGateway } from '../../support/gateway.js';

/** Names of the vendor's method, of packages, of parts of this gateway: of no use to whoever asks. */
const INNER_NAMES =
  /querycalltracedetail|\bky\b|undici|ioredis|redis|apollo|fastify|ECONN|UND_ERR|resolver|\blane\b|fast.path|node:|\/src\//i;
/** What a client can do about a call that failed. */
const ADVICE = /; (ask again in (a moment|\d+ s)|tell the operators of this gateway)$/;
/** A phone number of the simulator's calls, and some more. */
const LONG_DIGITS = /\d{9,}/;

/** Faults after which the call is answered all the same: see the table in docs/upstream.md. */
const ANSWERED: ReadonlySet<string> = new Set([
  'slow',
  'desc-object',
  'desc-null',
  'wrong-types',
  'unknown-codes',
  'duplicate-legs',
  'two-final-legs',
  'no-final-leg',
  'negative-times',
  'second-based-times',
  'legacy-result-datas',
]);

describe('the message of a call that failed', () => {
  it.each(FAULT_NAMES.filter((fault) => !ANSWERED.has(fault)))(
    'names the call and what to do, and nothing from inside: %s',
    async (fault) => {
      const gateway = await startTestGateway({ DRAIN_MS: '0', CMS_ATTEMPT_TIMEOUT_MS: '300' });
      gateway.simulator.configure({ fault, retryAfter: fault === 'http-429' ? '30' : null });
      const [first, later] = [newCallId(), newCallId()];
      const messages: string[] = [];
      // Later questions meet a pause where the first one met the fault.
      for (const callId of [first, ...Array<string>(5).fill(later)]) {
        const { body } = await gateway.query(`{ call(vdn: 170, callId: "${callId}") { callerNo } }`);
        const [error, ...more] = body.errors ?? [];
        expect(more).toEqual([]);
        expect(error?.message.startsWith(`call ${callId} in VDN 170: `)).toBe(true);
        messages.push(error?.message.replace(callId, '') ?? '');
      }
      await gateway.close();
      for (const message of messages) {
        expect(message).toMatch(ADVICE);
        expect(message).not.toMatch(INNER_NAMES);
        expect(message).not.toMatch(LONG_DIGITS);
      }
    },
  );

  it('is told within the time of the request where the contact centre asks for a longer pause', async () => {
    const gateway = await startTestGateway({ DRAIN_MS: '0' });
    gateway.simulator.configure({ fault: 'http-429', retryAfter: '30' });
    const callIds = [newCallId(), newCallId()];
    const texts: (string | undefined)[] = [];
    for (const callId of callIds) {
      const { body } = await gateway.query(`{ call(vdn: 170, callId: "${callId}") { complete } }`);
      texts.push(body.errors?.[0]?.message.replace(callId, ''));
    }
    await gateway.close();
    expect(texts[1]).toMatch(/asks for a pause .*; ask again in (29|30) s$/);
  });
});

describe('the message of a request that is refused', () => {
  let secured: Secured;
  beforeAll(async () => {
    secured = await startSecured({ DRAIN_MS: '0', RATE_LIMIT_POINTS_PER_MINUTE: '1000' });
  });
  afterAll(() => secured.close());

  const CALL_ID = '1700000000-2';
  const CALLS = 'query ($keys: [CallKeyInput!]!, $refresh: Boolean) { calls(keys: $keys, refresh: $refresh) { id } }';
  const keys = (count: number) => Array<object>(count).fill({ vdn: 170, callId: CALL_ID });
  const call = (given: string) => ({ query: `{ call(${given}) { id } }` });

  it.each([
    ['a VDN that is none', call(`vdn: 0, callId: "${CALL_ID}"`), 'an integer from 1 to 5000'],
    ['a call ID that is none', call('vdn: 170, callId: ""'), '1 to 64 printable ASCII characters, such as'],
    ['a call ID without a time', call('vdn: 170, callId: "x"'), 'give logDate or month'],
    ['seconds', call(`vdn: 170, callId: "${CALL_ID}", logDate: 1700000000`), 'give milliseconds'],
    ['a date that is none', call(`vdn: 170, callId: "${CALL_ID}", logDate: "x"`), 'must be ISO 8601 with an offset'],
    ['a month that is none', call(`vdn: 170, callId: "${CALL_ID}", month: "2023-13"`), 'must be YYYY-MM from'],
    ['an id of somebody else', { query: '{ node(id: "x") { id } }' }, 'one that this graph gave out'],
    ['a VDN of somebody else', call(`vdn: 171, callId: "${CALL_ID}"`), 'you may not ask for calls of VDN 171'],
    ['too many keys', { query: CALLS, variables: { keys: keys(201) } }, 'at most 200 keys'],
    [
      'too many points',
      { query: CALLS, variables: { keys: keys(200), refresh: true } },
      'ask for fewer calls, or try again later',
    ],
    ['a wrong type', call(`vdn: 170, callId: "${CALL_ID}", month: 3`), 'such as "2021-03"'],
    ['no such field', { query: '{ nothing }' }, 'Cannot query field "nothing"'],
    ['no such kind', { query: 'subscription { call }' }, 'no subscription operations'],
    ['an unknown hash', { extensions: { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } } }, 'NotFound'],
    ['a list of operations', [], 'batching'],
    ['depth', { query: '{ a'.repeat(30) + '}'.repeat(30) }, 'more than 20 deep'],
  ])('says what is taken instead: %s', async (_, body, says) => {
    const reply = await post(JSON.stringify(body), secured.keys.dashboard);
    const [error] = reply.errors ?? [];
    expect(error?.message).toContain(says);
    expect(error?.message).not.toMatch(INNER_NAMES);
  });

  it.each([
    ['no key', {}, '{}', 'send a token as Authorization: Bearer <token>, or an API key as x-api-key'],
    ['an unknown key', { 'x-api-key': 'x' }, '{}', 'send one that this gateway knows'],
    ['a bad token', { authorization: 'Bearer x' }, '{}', 'send one that the trusted issuer has signed'],
    ['no JSON', null, '{', 'send an object with `query`'],
    [
      'another charset',
      { 'content-type': 'application/json; charset=gbk' },
      '{}',
      'send application/json; charset=utf-8',
    ],
    ['another type', { 'content-type': 'text/plain' }, '{}', 'send the body as application/json'],
    ['a packed body', { 'content-encoding': 'gzip' }, '{}', 'send it uncompressed'],
    ['a deadline that is none', { 'x-deadline-ms': '1' }, '{}', 'an integer from 100 to'],
  ] as [string, Record<string, string> | null, string, string][])(
    'says what to send: %s',
    async (name, headers, body, says) => {
      const isKnown = headers === null || !/key|token/.test(name);
      const reply = await post(body, { ...(isKnown ? secured.keys.dashboard : {}), ...headers });
      expect(reply.errors?.[0]?.message).toContain(says);
      expect(reply.errors?.[0]?.message).not.toMatch(INNER_NAMES);
    },
  );

  async function post(body: string, headers: Readonly<Record<string, string>>): Promise<GraphqlBody> {
    const reply = await fetch(`${secured.gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
    return (await reply.json()) as GraphqlBody;
  }
});
