import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newCallId } from '../../test/support/gateway.js';
import { ROUTERS, startEstate, type Estate, type Operation, type RouterName } from './estate.js';

let estate: Estate;
beforeAll(async () => {
  estate = await startEstate();
}, 120_000);
beforeEach(() => Object.values(estate.recorders).forEach((recorder) => recorder.clear()));
afterAll(() => estate.close());

/** How many requests each subgraph has got since the check began; those without one are left out. */
function counts(): Record<string, number> {
  const all = Object.entries(estate.recorders).map(([name, { requests }]) => [name, requests.length] as const);
  return Object.fromEntries(all.filter(([, count]) => count > 0));
}

const callIds = (count: number): string[] => Array.from({ length: count }, () => newCallId());
const ticketNames = (ids: readonly string[]): string[] => ids.map((id) => `170/${id}`);
const idOf = (callId: string): string => Buffer.from(`Call:1:170:2025-01:${callId}`).toString('base64url');

const TICKETS = `query Tickets($of: [String!]!) { tickets(of: $of) { subject call { callId complete } } }`;

interface Case extends Operation {
  readonly data: unknown;
  /** Requests to each subgraph, the same for both routers unless they differ. */
  readonly requests: Readonly<Record<string, number>> | Readonly<Record<RouterName, Readonly<Record<string, number>>>>;
}

/** The same for both routers, so that a thousand calls are fetched once. */
const MANY = callIds(1_000);

/** Operations with their answers. Each list is one request to each subgraph, however long it is. */
function cases(): Record<string, Case> {
  const ids = callIds(60);
  const [first = ''] = ids;
  const key = { vdn: 170, callId: first };
  return {
    'a call': {
      document: 'query ($id: ID!) { call(vdn: 170, callId: $id) { callId } }',
      variables: { id: first },
      data: { call: { callId: first } },
      requests: { calls: 1 },
    },
    '60 calls with their tickets': {
      document: 'query ($keys: [CallKeyInput!]!) { calls(keys: $keys) { callId tickets { subject } } }',
      variables: { keys: ids.map((callId) => ({ vdn: 170, callId })) },
      data: { calls: ids.map((callId) => ({ callId, tickets: [{ subject: `About 170/${callId}` }] })) },
      requests: { calls: 1, tickets: 1 },
    },
    'results as a union': {
      document: `query ($keys: [CallKeyInput!]!) { callResults(keys: $keys) {
        __typename ... on Call { callId tickets { id } } ... on CallNotFound { callId } } }`,
      variables: { keys: [key, { ...key, callId: '1736000000-404' }] },
      data: {
        callResults: [
          { __typename: 'Call', callId: first, tickets: [{ id: `170/${first}` }] },
          { __typename: 'CallNotFound', callId: '1736000000-404' },
        ],
      },
      requests: { calls: 1, tickets: 1 },
    },
    '60 tickets with their calls, by vdn and callId': {
      document: TICKETS,
      variables: { of: ticketNames(ids) },
      data: {
        tickets: ids.map((callId) => ({ subject: `About 170/${callId}`, call: { callId, complete: true } })),
      },
      requests: { tickets: 1, calls: 1 },
    },
    '60 tickets, each with one call and a list of three': {
      document: `query ($of: [String!]!) { tickets(of: $of) { call { month } calls { month } } }`,
      variables: { of: ticketNames(ids) },
      data: { tickets: ids.map(() => ({ call: { month: '2025-01' }, calls: Array(3).fill({ month: '2025-01' }) })) },
      requests: { hive: { tickets: 1, calls: 1 }, apollo: { tickets: 1, calls: 2 } },
    },
    '60 bookmarks, by id': {
      document: 'query ($of: [ID!]!) { bookmarks(of: $of) { call { callId month } } }',
      variables: { of: ids.map(idOf) },
      data: { bookmarks: ids.map((callId) => ({ call: { callId, month: '2025-01' } })) },
      requests: { bookmarks: 1, calls: 1 },
    },
    '60 recordings, by the four fields': {
      document: 'query ($of: [String!]!) { recordings(of: $of) { mediaType call { mediaType complete } } }',
      variables: { of: ids.map((callId) => `1/170/2025-01/${callId}`) },
      data: { recordings: ids.map(() => ({ mediaType: 'SCREEN', call: { mediaType: 'VOICE', complete: true } })) },
      requests: { recordings: 1, calls: 1 },
    },
    'a call by the `node` of a neighbour': {
      document: 'query ($id: ID!) { node(id: $id) { id ... on Call { callId tickets { id } } } }',
      variables: { id: idOf(first) },
      data: { node: { id: idOf(first), callId: first, tickets: [{ id: `170/${first}` }] } },
      requests: { bookmarks: 1, calls: 1, tickets: 1 },
    },
    'two neighbours, both dictionaries and no call': {
      document: '{ codes { code } rateLimit { remaining } callCodes(table: MEDIA_TYPE) { name } }',
      data: expect.objectContaining({ codes: [{ code: '200' }], rateLimit: { remaining: 7 } }),
      requests: { calls: 1, recordings: 1 },
    },
    'a mutation': {
      document: 'mutation ($id: ID!) { forgetCall(vdn: 170, callId: $id) { forgotten problem } }',
      variables: { id: first },
      data: { forgetCall: { forgotten: true, problem: null } },
      requests: { calls: 1 },
    },
  };
}

describe.each(ROUTERS)('the router %s', (router) => {
  it.each(Object.keys(cases()))('asks each subgraph once for a list: %s', async (name) => {
    const one = cases()[name];
    if (!one) throw new Error(`no such case: ${name}`);
    const { data, errors } = await estate.ask(router, one);
    expect({ data, errors }).toEqual({ data: one.data, errors: undefined });
    expect(counts()).toEqual('hive' in one.requests ? one.requests[router] : one.requests);
  });

  it.each([300, 1_000])('answers a list of %i entities with one request', async (count) => {
    const ids = MANY.slice(0, count);
    const operation = { document: TICKETS, variables: { of: ticketNames(ids) } };
    const { data, errors } = await estate.ask(router, operation);
    expect(errors).toBeUndefined();
    expect((data?.['tickets'] as { call: object }[]).map(({ call }) => call)).toEqual(
      ids.map((callId) => ({ callId, complete: true })),
    );
    expect(counts()).toEqual({ tickets: 1, calls: 1 });
  });

  it('is answered by the fast path once a list has been asked for a few times, with the same bytes', async () => {
    const answered = 'calltrace_fast_path_requests_total{outcome="answered"}';
    const before = await estate.metric(answered);
    const operation = {
      document: TICKETS.replace('complete', 'complete month'),
      variables: { of: ticketNames(callIds(5)) },
    };
    const answers: unknown[] = [];
    for (let time = 0; time < 4; time += 1) answers.push(await estate.ask(router, operation));
    expect(await estate.metric(answered)).toBeGreaterThan(before);
    expect(new Set(estate.recorders['calls']?.requests.map(({ answer }) => answer)).size).toBe(1);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  });

  it('names operations as their clients do, in the metrics', async () => {
    const series = 'calltrace_operations_total{kind="query",name="Tickets",outcome="ok"}';
    const before = await estate.metric(series);
    await estate.ask(router, { document: TICKETS, variables: { of: ticketNames(callIds(2)) } });
    expect(await estate.metric(series)).toBe(before + 1);
  });

  it('passes on who asks, the request ID, the deadline and the trace', async () => {
    const headers = {
      'x-api-key': estate.keys.masked,
      'x-request-id': 'r-17',
      'x-deadline-ms': '5000',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    };
    const document = 'query ($of: [String!]!) { tickets(of: $of) { call { callerNo } } }';
    const { data } = await estate.ask(router, { document, variables: { of: ticketNames(callIds(1)) } }, headers);
    expect(estate.recorders['calls']?.requests.map((request) => request.headers)).toEqual([
      expect.objectContaining(headers),
    ]);
    // The key has no scope `numbers`.
    expect(data).toEqual({ tickets: [{ call: { callerNo: expect.stringMatching(/^\*{4}\d{4}$/) as unknown } }] });
  });
});
