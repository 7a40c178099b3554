import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { reached } from './support/client.js';
import { NEVER_FOUND, newCallId, startTestGateway, type TestGateway } from './support/gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
beforeEach(() => gateway.simulator.reset());
afterAll(() => gateway.close());

/** The only reply that the interface's page prints: a social call in one record. */
const SAMPLE_LEG = {
  id: Buffer.from('CallLeg:1:170:2021-03:1678978542-92:-1').toString('base64url'),
  callIdNum: -1,
  position: 1,
  isLast: true,
  mediaType: 'MULTIMEDIA_SOCIAL',
  mediaTypeCode: 53,
  subMediaType: 'WEB',
  subMediaTypeCode: 1,
  deviceType: 'SKILL_QUEUE',
  deviceTypeCode: 1,
  deviceNo: '1',
  deviceIn: '1',
  callType: 'INBOUND_SPECIAL',
  callTypeCode: 1,
  enterReason: 'INTERNAL_HELP_REQUESTER_RELEASED',
  enterReasonCode: 11,
  leaveReason: 'INTERNAL_HELP_REQUESTER_RELEASED',
  leaveReasonCode: 11,
  releaseCause: 'RESOURCES_FULL',
  releaseCauseCode: 1,
  callerNo: '80000888',
  calleeNo: '624192',
  subCcNo: 0,
  currentSkillId: '0',
  waitBegin: '2021-03-14T10:29:25.000Z',
  ackBegin: '2021-03-14T10:29:25.000Z',
  callBegin: '2021-03-14T10:29:25.000Z',
  callEnd: '2021-03-14T10:29:25.000Z',
  startedAt: '2021-03-14T10:29:25.000Z',
  endedAt: '2021-03-14T10:29:25.000Z',
  waitingMs: 0,
  ringingMs: 0,
  connectedMs: 0,
  durationMs: 0,
};

const SAMPLE_CALL = {
  id: Buffer.from('Call:1:170:2021-03:1678978542-92').toString('base64url'),
  ccId: 1,
  vdn: 170,
  callId: '1678978542-92',
  month: '2021-03',
  legs: [SAMPLE_LEG],
  complete: true,
  callerNo: '80000888',
  calleeNo: '624192',
  mediaType: 'MULTIMEDIA_SOCIAL',
  mediaTypeCode: 53,
  subMediaType: 'WEB',
  subMediaTypeCode: 1,
  callType: 'INBOUND_SPECIAL',
  callTypeCode: 1,
  direction: 'INBOUND',
  releaseCause: 'RESOURCES_FULL',
  releaseCauseCode: 1,
  endedBy: 'SYSTEM',
  startedAt: '2021-03-14T10:29:25.000Z',
  endedAt: '2021-03-14T10:29:25.000Z',
  durationMs: 0,
  freshness: {
    source: 'UPSTREAM',
    askedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    ageMs: expect.any(Number),
    stale: false,
    final: true,
    freshUntil: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  },
};

/** A selection of all fields of an object, as it was written down above. */
function selectionOf(example: object): string {
  const fields = Object.entries(example).map(([name, value]) => {
    const part: unknown = Array.isArray(value) ? value[0] : value;
    const isObject = typeof part === 'object' && part !== null && !('asymmetricMatch' in part);
    return isObject ? `${name} ${selectionOf(part)}` : name;
  });
  return `{ ${fields.join(' ')} }`;
}

describe('call', () => {
  it('answers the sample call of the interface with every field typed', async () => {
    const { status, body } = await gateway.query(
      `{ call(vdn: 170, callId: "1678978542-92", month: "2021-03") ${selectionOf(SAMPLE_CALL)} }`,
    );
    expect(body).toEqual({ data: { call: SAMPLE_CALL } });
    expect(status).toBe(200);
    expect(gateway.simulator.requests).toMatchObject([{ ccId: 1, vdn: 170, callId: '1678978542-92', status: 200 }]);
  });

  it('is null, without an error, for a call that the contact centre does not know', async () => {
    const { body } = await gateway.query(`{ call(vdn: 170, callId: "${newCallId(NEVER_FOUND)}") { id } }`);
    expect(body).toEqual({ data: { call: null } });
  });

  it('has no end and no release cause without a final record', async () => {
    const { body } = await gateway.query(
      `{ call(vdn: 170, callId: "${newCallId(10)}") {
        complete endedBy endedAt durationMs releaseCause releaseCauseCode legs { isLast releaseCause } freshness { final }
      } }`,
    );
    const leg = { isLast: false, releaseCause: null };
    expect(body.data?.['call']).toEqual({
      complete: false,
      endedBy: 'UNKNOWN', // silent for long: it is not in progress
      endedAt: null,
      durationMs: null,
      releaseCause: null,
      releaseCauseCode: null,
      legs: [leg, leg, leg],
      freshness: { final: false },
    });
  });

  it('puts 400 legs in order, the final one last', async () => {
    const { body } = await gateway.query(
      `{ call(vdn: 170, callId: "${newCallId(12)}") { legs { callIdNum position isLast } } }`,
    );
    const { legs } = body.data?.['call'] as { legs: unknown };
    const last = { callIdNum: -1, position: 400, isLast: true };
    const others = Array.from({ length: 399 }, (_, i) => ({ callIdNum: i + 1, position: i + 1, isLast: false }));
    expect(legs).toEqual([...others, last]);
  });

  it('is whole across the end of a month', async () => {
    const { body } = await gateway.query(
      `{ call(vdn: 170, callId: "${newCallId(11)}", month: "2025-01") { complete legs { callIdNum callEnd } } }`,
    );
    expect(body.data?.['call']).toMatchObject({
      complete: true,
      legs: [
        { callIdNum: 1, callEnd: expect.stringMatching(/^2025-01-31T/) },
        { callIdNum: 2, callEnd: expect.stringMatching(/^2025-01-31T/) },
        { callIdNum: 3, callEnd: expect.stringMatching(/^2025-01-31T/) },
        { callIdNum: -1, callEnd: expect.stringMatching(/^2025-02-01T/) },
      ],
    });
    expect(gateway.simulator.total).toBe(2);
  });

  it('asks the contact centre once for 1,000 simultaneous equal queries', async () => {
    const callId = newCallId();
    gateway.simulator.configure({ latencyMs: 500 });
    const replies = await Promise.all(
      Array.from({ length: 1000 }, () =>
        gateway.query(`{ call(vdn: 170, callId: "${callId}") { complete legs { position } freshness { source } } }`),
      ),
    );
    const calls = replies.map((reply) => reply.body.data?.['call'] as { freshness: { source: string } } | undefined);
    expect(calls).toEqual(
      Array.from({ length: 1000 }, () => ({
        complete: true,
        legs: [{ position: 1 }, { position: 2 }, { position: 3 }],
        freshness: { source: expect.stringMatching(/^(UPSTREAM|MEMORY)$/) },
      })),
    );
    // More than one heard the one answer as it came; nobody had to find it in memory afterwards.
    expect(calls.filter((call) => call?.freshness.source === 'UPSTREAM').length).toBeGreaterThan(1);
    expect(gateway.simulator.total).toBe(1);
  });

  it('answers from memory the second time, and from the contact centre again with `refresh`', async () => {
    const callId = newCallId();
    const sourceOf = async (refresh: boolean) => {
      const { body } = await gateway.query(
        `{ call(vdn: 170, callId: "${callId}", refresh: ${refresh}) { freshness { source } } }`,
      );
      return body.data?.['call'];
    };
    expect(await sourceOf(false)).toEqual({ freshness: { source: 'UPSTREAM' } });
    expect(await sourceOf(false)).toEqual({ freshness: { source: 'MEMORY' } });
    expect(await sourceOf(true)).toEqual({ freshness: { source: 'UPSTREAM' } });
    expect(gateway.simulator.countOf(callId)).toBe(2);
  });

  it('names codes that nobody knows UNKNOWN, with their numbers beside them', async () => {
    gateway.simulator.configure({ fault: 'unknown-codes' });
    const coded = ['mediaType', 'subMediaType', 'deviceType', 'callType', 'enterReason', 'leaveReason', 'releaseCause'];
    const ofLeg = coded.flatMap((field) => [field, `${field}Code`]).join(' ');
    const { body } = await gateway.query(
      `{ call(vdn: 170, callId: "${newCallId(1)}") { direction endedBy releaseCause legs { ${ofLeg} } } }`,
    );
    const leg = Object.fromEntries<unknown>(
      coded.flatMap((field) => [
        [field, 'UNKNOWN'],
        [`${field}Code`, 9999],
      ]),
    );
    expect(body).toEqual({
      data: { call: { direction: 'UNKNOWN', endedBy: 'UNKNOWN', releaseCause: 'UNKNOWN', legs: [leg] } },
    });
  });
});

describe('calls', () => {
  const DOCUMENT = 'query ($keys: [CallKeyInput!]!) { calls(keys: $keys) { callId } }';
  const keyOf = (callId: string) => ({ vdn: 170, callId });

  it('asks once for each distinct key, all at the same time', async () => {
    const distinct = Array.from({ length: 10 }, () => newCallId());
    const asked = Array.from({ length: 25 }, (_, index) => distinct[(index * 7) % 10] ?? '');
    gateway.simulator.configure({ capacity: 0 });
    const reply = gateway.query(DOCUMENT, { keys: asked.map(keyOf) });
    await reached(() => gateway.simulator.inFlight === 10);
    gateway.simulator.configure({ capacity: Infinity });
    expect((await reply).body).toEqual({ data: { calls: asked.map((callId) => ({ callId })) } });
    expect(distinct.map((callId) => gateway.simulator.countOf(callId))).toEqual(distinct.map(() => 1));
    expect(gateway.simulator).toMatchObject({ total: 10, peakInFlight: 10 });
  });

  it('keeps the order of the keys, with null for a call not found', async () => {
    const [first, missing, last] = [newCallId(), newCallId(NEVER_FOUND), newCallId()];
    const { body } = await gateway.query(DOCUMENT, { keys: [last, missing, first, last].map(keyOf) });
    expect(body).toEqual({ data: { calls: [{ callId: last }, null, { callId: first }, { callId: last }] } });
  });

  it('reports the failure of one item at its path, and answers the others', async () => {
    const [first, failing, last] = [newCallId(), newCallId(), newCallId()];
    gateway.simulator.configure({ fault: 'http-500', faultCallIds: [failing] });
    const { status, headers, body } = await gateway.query(DOCUMENT, { keys: [first, failing, last].map(keyOf) });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      data: { calls: [{ callId: first }, null, { callId: last }] },
      errors: [
        {
          message: `call ${failing} in VDN 170: the contact centre answered HTTP 500; ask again in a moment`,
          path: ['calls', 1],
          extensions: {
            code: 'UPSTREAM_UNAVAILABLE',
            retryable: true,
            requestId: headers.get('x-request-id'),
            upstream: { httpStatus: 500 },
          },
        },
      ],
    });
    expect(body.errors).toHaveLength(1);
  });

  it('reports one bad key at its path, and answers the others', async () => {
    const callId = newCallId();
    const { headers, body } = await gateway.query(DOCUMENT, { keys: [keyOf(callId), { vdn: 5001, callId }] });
    expect(body).toMatchObject({
      data: { calls: [{ callId }, null] },
      errors: [
        {
          message: 'vdn must be an integer from 1 to 5000',
          path: ['calls', 1],
          extensions: {
            code: 'BAD_USER_INPUT',
            argument: 'vdn',
            retryable: false,
            requestId: headers.get('x-request-id'),
          },
        },
      ],
    });
    expect(gateway.simulator.total).toBe(1);
  });

  it.each([201, 1_200])('answers 200 of %i keys, and each further one with an error at its place', async (count) => {
    const callId = newCallId();
    const { status, body } = await gateway.query(DOCUMENT, {
      keys: Array.from({ length: count }, () => keyOf(callId)),
    });
    expect(status).toBe(200);
    expect(body.data).toEqual({ calls: Array.from({ length: count }, (_, at) => (at < 200 ? { callId } : null)) });
    expect(body.errors).toHaveLength(count - 200);
    for (const [beyond, error] of (body.errors ?? []).entries())
      expect(error).toMatchObject({
        message: `keys must hold at most 200 keys: this is number ${201 + beyond}`,
        path: ['calls', 200 + beyond],
        extensions: { code: 'BAD_USER_INPUT', argument: 'keys', retryable: false },
      });
    expect(gateway.simulator.total).toBe(1);
  });

  it('takes 200 keys', async () => {
    const callId = newCallId();
    const { body } = await gateway.query(DOCUMENT, { keys: Array.from({ length: 200 }, () => keyOf(callId)) });
    expect(body).toEqual({ data: { calls: Array.from({ length: 200 }, () => ({ callId })) } });
    expect(gateway.simulator.total).toBe(1);
  });
});

describe('failures of the contact centre', () => {
  afterEach(() => gateway.simulator.reset());

  it.each([
    ['http-503', { code: 'UPSTREAM_UNAVAILABLE', retryable: true, upstream: { httpStatus: 503 } }],
    ['reset', { code: 'UPSTREAM_UNAVAILABLE', retryable: true }],
    ['result-0100002', { code: 'UPSTREAM_REJECTED', retryable: false, upstream: { resultCode: '0100002' } }],
    ['result-0100999', { code: 'UPSTREAM_REJECTED', retryable: true, upstream: { resultCode: '0100999' } }],
    ['html-200', { code: 'UPSTREAM_MALFORMED', retryable: false }],
    ['truncated-json', { code: 'UPSTREAM_MALFORMED', retryable: false }],
    ['missing-fields', { code: 'UPSTREAM_MALFORMED', retryable: false }],
    ['other-call', { code: 'UPSTREAM_MALFORMED', retryable: false }],
  ] as const)('are told apart: %s', async (fault, extensions) => {
    gateway.simulator.configure({ fault });
    const { status, headers, body } = await gateway.query(`{ call(vdn: 170, callId: "${newCallId()}") { id } }`);
    expect(body).toMatchObject({ data: { call: null }, errors: [{ path: ['call'], extensions }] });
    expect(body.errors?.[0]?.extensions['requestId']).toBe(headers.get('x-request-id'));
    expect(status).toBe(200);
  });

  it('tells how long the contact centre asked to be left alone', async () => {
    gateway.simulator.configure({ fault: 'http-429', retryAfter: '7' });
    const { body } = await gateway.query(`{ call(vdn: 170, callId: "${newCallId()}") { id } }`);
    expect(body.errors).toMatchObject([
      { extensions: { code: 'UPSTREAM_UNAVAILABLE', retryAfterMs: 7000, upstream: { httpStatus: 429 } } },
    ]);
  });
});

describe('examples', () => {
  const folder = new URL('../examples/', import.meta.url);
  const read = (file: string) => readFileSync(new URL(file, folder), 'utf8');
  const files = readdirSync(folder);
  const operations = files.filter((file) => file.endsWith('.graphql')).map((file) => file.replace(/\.graphql$/, ''));

  /** What each operation answers from the simulator. */
  const ANSWERS: Readonly<Record<string, unknown>> = {
    'trace-one-call': {
      call: {
        complete: true,
        direction: 'INBOUND',
        mediaType: 'VOICE',
        startedAt: '2023-11-14T22:13:20.000Z',
        legs: [
          { position: 1, deviceType: 'IVR' },
          { position: 2, deviceType: 'SKILL_QUEUE' },
          { position: 3, deviceType: 'AGENT', leaveReason: 'TRANSFERRED_OUT' },
          { position: 4, deviceType: 'SKILL_QUEUE' },
          { position: 5, deviceType: 'AGENT', leaveReason: 'USER_RELEASED' },
        ],
      },
    },
    'who-ended-it': {
      call: {
        complete: true,
        endedBy: 'SYSTEM',
        endedAt: '2021-03-14T10:29:25.000Z',
        releaseCause: 'RESOURCES_FULL',
        releaseCauseCode: 1,
      },
    },
    'many-calls': {
      calls: [
        {
          callId: '1700000000-3',
          complete: true,
          endedBy: 'CUSTOMER',
          totals: { queueMs: expect.any(Number), talkingMs: expect.any(Number) },
        },
        null,
        {
          callId: '1700000000-2',
          complete: true,
          endedBy: 'CUSTOMER',
          totals: { queueMs: expect.any(Number), talkingMs: expect.any(Number) },
        },
      ],
    },
    'what-happened': {
      call: {
        narrative: { headline: expect.stringContaining('2002'), sentences: expect.any(Array) },
        verdict: 'ANSWERED',
        confidence: expect.any(String),
        ending: { party: expect.any(String), phase: 'TALKING', how: 'NORMAL', evidence: expect.any(Array) },
        transfers: [{ kind: 'ATTENDED', by: '2001', completed: true, answeredBy: '2002' }],
        totals: { holdMs: 35_000, talkingMs: 180_000 },
        findings: [],
      },
    },
    'call-results': {
      callResults: [
        { __typename: 'Call', callId: '1700000000-3', complete: true },
        { __typename: 'CallNotFound', callId: '1700000000-404' },
        { __typename: 'CallProblem', callId: '1700000000-2', code: 'BAD_USER_INPUT', retryable: false },
      ],
    },
    'call-by-month': {
      byMonth: { id: expect.any(String), month: '2021-03', startedAt: '2021-03-14T10:29:25.000Z' },
      byLogDate: { id: expect.any(String), month: '2021-03', startedAt: '2021-03-14T10:29:25.000Z' },
    },
    refresh: {
      call: { complete: false, freshness: { source: 'UPSTREAM', stale: false, final: false } },
    },
    'code-dictionary': {
      callCodes: expect.arrayContaining([
        {
          code: 531,
          name: 'USER_HANGUP',
          meaning: expect.any(String),
          confidence: expect.stringMatching(/^(HIGH|MEDIUM|LOW)$/),
          source: expect.any(String),
        },
      ]),
    },
    node: {
      node: {
        id: SAMPLE_CALL.id,
        callId: '1678978542-92',
        vdn: 170,
        month: '2021-03',
        complete: true,
      },
    },
  };

  it('has an answer to hold each operation against', () => {
    expect(Object.keys(ANSWERS).sort()).toEqual(operations.sort());
  });

  it('has variables for operations of the folder only, and a folder of clients', () => {
    const others = files.filter((file) => !file.endsWith('.graphql'));
    const variables = others.filter((file) => file.endsWith('.json')).map((file) => file.replace(/\.json$/, ''));
    expect(operations).toEqual(expect.arrayContaining(variables));
    expect(others.filter((file) => !file.endsWith('.json'))).toEqual(['clients']);
  });

  it.each(operations)('answers %s.graphql', async (name) => {
    const document = read(`${name}.graphql`);
    const variables = files.includes(`${name}.json`)
      ? (JSON.parse(read(`${name}.json`)) as Record<string, unknown>)
      : undefined;
    expect(document).toMatch(/^# \S/);
    const { body } = await gateway.query(document, variables);
    expect(body.errors).toBeUndefined();
    expect(body.data).toMatchObject(ANSWERS[name] as object);
  });
});
