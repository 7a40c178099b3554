import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { postOperation, type GraphqlErrorBody } from '../../test/support/client.js';
import { newCallId } from '../../test/support/gateway.js';
import { ROUTERS, startEstate, type Estate } from './estate.js';

/** What one operation may cost here, so that not many calls are beyond it; and all of a caller's in a minute. */
const LIMIT_COST = 250;
const POINTS_PER_MINUTE = 2_000;
/** Different wrong credentials after which an address must wait. */
const GUESSES_PER_MINUTE = 5;

let estate: Estate;
beforeAll(async () => {
  estate = await startEstate({
    LIMIT_COST: String(LIMIT_COST),
    RATE_LIMIT_POINTS_PER_MINUTE: String(POINTS_PER_MINUTE),
    RATE_LIMIT_FAILED_LOGINS_PER_MINUTE: String(GUESSES_PER_MINUTE),
    TRUSTED_PROXIES: '1',
  });
}, 120_000);
beforeEach(() => Object.values(estate.recorders).forEach((recorder) => recorder.clear()));
afterEach(() => estate.simulator.configure({ fault: null }));
afterAll(() => estate.close());

const TICKETS = 'query Tickets($of: [String!]!) { tickets(of: $of) { subject call { complete } } }';
const REQUEST_ID = 'request-17';

const callIds = (count: number): string[] => Array.from({ length: count }, () => newCallId());
const ticketNames = (ids: readonly string[]): string[] => ids.map((id) => `170/${id}`);

/** Twenty more than the limit. The same for both routers, so that they are fetched once. */
const MANY = callIds(LIMIT_COST + 20);

/** An error as far as both routers tell it alike: Hive ends its path with the field of the call that it asked for. */
const errorOf = ({ path = [], extensions }: GraphqlErrorBody): object => ({
  path: path.slice(0, 3),
  ...extensions,
});

describe.each(ROUTERS)('behind the router %s', (router) => {
  const ask = (of: readonly string[], key = estate.keys.whole) =>
    estate.ask(router, { document: TICKETS, variables: { of } }, { 'x-api-key': key, 'x-request-id': REQUEST_ID });

  it.each<[string, string, object]>([
    ['a VDN that the caller may not see', '171/1736000000-2', { code: 'FORBIDDEN', retryable: false }],
    ['a VDN out of range', '9999/1736000000-2', { code: 'BAD_USER_INPUT', argument: 'vdn', retryable: false }],
    ['a call ID without a time', '170/x', { code: 'BAD_USER_INPUT', argument: 'logDate', retryable: false }],
  ])(
    'a call fails alone at its place, with its code and the request ID of the client: %s',
    async (_, name, expected) => {
      const good = ticketNames(callIds(3));
      const of = [...good, name];
      const { data, errors = [] } = await ask(of);
      const tickets = of.map((one) => ({ subject: `About ${one}`, call: one === name ? null : { complete: true } }));
      expect(data).toEqual({ tickets });
      expect(errors.map(errorOf)).toMatchObject([{ path: ['tickets', 3, 'call'], requestId: REQUEST_ID, ...expected }]);
    },
  );

  it('a call that is not found is null', async () => {
    const { data, errors = [] } = await ask(['170/1736000000-404']);
    expect(data).toEqual({ tickets: [{ subject: 'About 170/1736000000-404', call: null }] });
    // Hive takes the neighbour's word that there is a call, and misses the field that cannot be null.
    const ofHive = { path: ['tickets', 0, 'call'], code: 'INTERNAL_SERVER_ERROR' };
    expect(errors.map(errorOf)).toEqual(router === 'hive' ? [ofHive] : []);
  });

  it('a contact centre that fails shows as a code that can be retried', async () => {
    const [known = '', unknown = ''] = ticketNames(callIds(2));
    await ask([known]);
    estate.simulator.configure({ fault: 'http-503' });
    const { data, errors = [] } = await ask([known, unknown]);
    expect(data?.['tickets']).toMatchObject([{ call: { complete: true } }, { call: null }]);
    expect(errors.map(errorOf)).toMatchObject([
      { path: ['tickets', 1, 'call'], code: 'UPSTREAM_UNAVAILABLE', retryable: true, requestId: REQUEST_ID },
    ]);
  });

  it('an `id` that the graph never gave out is a mistake of the neighbour, at its place', async () => {
    const document = 'query ($of: [ID!]!) { bookmarks(of: $of) { id call { month } } }';
    const { data, errors = [] } = await estate.ask(router, { document, variables: { of: ['nonsense'] } });
    expect(data).toEqual({ bookmarks: [{ id: 'bookmark:nonsense', call: null }] });
    expect(errors.map(errorOf)).toMatchObject([
      { path: ['bookmarks', 0, 'call'], code: 'BAD_USER_INPUT', argument: 'id' },
    ]);
  });

  it.each(['no key', 'a wrong key'])(
    'whoever has %s gets what the neighbours tell, and UNAUTHENTICATED',
    async (which) => {
      const of = ticketNames(callIds(2));
      const headers: Record<string, string> = which === 'no key' ? {} : { 'x-api-key': 'ctg_wrong' };
      const { data, errors = [] } = await estate.ask(router, { document: TICKETS, variables: { of } }, headers);
      expect(data).toEqual({ tickets: of.map((one) => ({ subject: `About ${one}`, call: null })) });
      expect(errors.map(({ extensions }) => codesIn(extensions))).toEqual(
        Array.from({ length: router === 'hive' ? 2 : 1 }, () => expect.arrayContaining(['UNAUTHENTICATED'])),
      );
    },
  );

  it('a list beyond the limit is answered as far as the limit goes; each further call names the limit', async () => {
    const of = ticketNames(MANY);
    const { data, errors = [] } = await ask(of);
    const answered = Number(/Of this list (\d+) representations are answered/.exec(errors[0]?.message ?? '')?.[1]);
    expect(answered).toBeGreaterThan(LIMIT_COST - 10); // their fields cost some points
    expect(errors[0]?.message).toContain(`more than ${LIMIT_COST}`);
    const tickets = of.map((one, index) => ({
      subject: `About ${one}`,
      call: index < answered ? { complete: true } : null,
    }));
    expect(data).toEqual({ tickets });
    expect(errors.map(errorOf)).toMatchObject(
      of.slice(answered).map((_, index) => ({
        path: ['tickets', answered + index, 'call'],
        code: 'OPERATION_TOO_COMPLEX',
        retryable: false,
        requestId: REQUEST_ID,
      })),
    );
  });

  it('of more than 200 keys of `calls` 200 are answered; each further one names the limit', async () => {
    const document = 'query ($keys: [CallKeyInput!]!) { codes { code } calls(keys: $keys) { vdn } }';
    const keys = callIds(201).map((callId) => ({ vdn: 170, callId }));
    const { data, errors = [] } = await estate.ask(router, { document, variables: { keys } });
    expect(data?.['calls']).toEqual(keys.map(({ vdn }, at) => (at < 200 ? { vdn } : null)));
    expect(errors.map(errorOf)).toMatchObject([{ path: ['calls', 200], code: 'BAD_USER_INPUT', argument: 'keys' }]);
    expect(errors[0]?.message).toBe('keys must hold at most 200 keys: this is number 201');
  });

  it('an operation beyond the limits is refused as a whole, with the limit', async () => {
    const document = `query ($keys: [CallKeyInput!]!) {
      codes { code } a: calls(keys: $keys) { vdn } b: calls(keys: $keys) { vdn } }`;
    const keys = callIds(150).map((callId) => ({ vdn: 170, callId }));
    const { errors = [] } = await estate.ask(router, { document, variables: { keys } });
    expect(codesIn(errors)).toContain('OPERATION_TOO_COMPLEX');
    expect(JSON.stringify(errors)).toContain(`at most ${LIMIT_COST} is taken`);
  });

  it('whoever tries many keys is refused, and nobody else behind the router', async () => {
    const of = ticketNames(callIds(1));
    const codesFor = async (key: string, address: string): Promise<string[]> => {
      const headers = { 'x-api-key': key, 'x-forwarded-for': address };
      return codesIn((await estate.ask(router, { document: TICKETS, variables: { of } }, headers)).errors ?? []);
    };
    const guesser = router === 'hive' ? '192.0.2.1' : '192.0.2.2';
    for (let guess = 0; guess <= GUESSES_PER_MINUTE; guess += 1)
      await codesFor(`ctg_${String(guess).padEnd(43, router)}`, guesser);
    expect(await codesFor(estate.keys.whole, guesser)).toContain('RATE_LIMITED');
    expect(await codesFor(estate.keys.whole, '198.51.100.1')).toEqual([]);
  });

  it('a caller without points left is told when to try again', async () => {
    const of = ticketNames(callIds(90));
    const key = estate.keys.masked;
    let answer = await ask(of, key);
    for (let spent = 90; spent <= 2 * POINTS_PER_MINUTE && !answer.errors; spent += 90) answer = await ask(of, key);
    expect(answer.data).toEqual({ tickets: of.map((one) => ({ subject: `About ${one}`, call: null })) });
    expect(answer.errors?.map(({ extensions }) => codesIn(extensions))).toEqual(
      Array.from({ length: router === 'hive' ? 90 : 1 }, () => expect.arrayContaining(['RATE_LIMITED'])),
    );
  });
});

describe('a router that sends representations as no router should', () => {
  const ENTITIES = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Call { vdn complete } } }';
  const good = { __typename: 'Call', vdn: 170, callId: '1736000000-2' };
  const id = Buffer.from('Call:1:170:2025-01:1736000000-2').toString('base64url');

  it.each<[string, string, object]>([
    ['null keys', 'vdn', { ...good, vdn: null }],
    ['a null call centre', 'ccId', { ...good, ccId: null }],
    ['no key at all', 'vdn', { __typename: 'Call' }],
    ['an unknown key', 'vdn', { __typename: 'Call', ticket: 'T-1' }],
    ['keys that contradict each other', 'vdn', { ...good, id, vdn: 171 }],
    [
      'an `id` of another type of ours',
      'id',
      { __typename: 'Call', id: Buffer.from('CallLeg:1').toString('base64url') },
    ],
    ['an entity of another subgraph', '__typename', { __typename: 'Ticket', id: '1' }],
    ['no type', '__typename', { vdn: 170, callId: '1736000000-2' }],
  ])('gets a coded error at its place, and the others: %s', async (_, argument, bad) => {
    const { status, body } = await postOperation(
      estate.url,
      ENTITIES,
      { r: [good, bad, { ...good, id }] },
      { 'x-api-key': estate.keys.whole },
    );
    const call = { vdn: 170, complete: true };
    expect([status, body.data]).toEqual([200, { _entities: [call, null, call] }]);
    expect(body.errors).toMatchObject([
      { path: ['_entities', 1], extensions: { code: 'BAD_USER_INPUT', argument, retryable: false } },
    ]);
  });
});

/** Every code in the extensions of an error: Apollo's gateway has a refusal of a subgraph below `response`. */
function codesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) =>
    name === 'code' && typeof inner === 'string' ? [inner] : codesIn(inner),
  );
}
