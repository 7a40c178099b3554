import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newCallId, startTestGateway, type TestGateway } from '../support/gateway.js';
import { startSecured, type Credentials, type Secured } from './support/secured.js';

const HASH_KEY = 'a key of these tests, long enough';
const NUMBERS = 'callerNo calleeNo callerNoHash calleeNoHash';
const DOCUMENT = `query ($callId: ID!) { call(vdn: 170, callId: $callId) { id ...Numbers legs { ...OfLeg } } }
  fragment Numbers on Call { ${NUMBERS} a: callerNo } fragment OfLeg on CallLeg { ${NUMBERS} }`;
const NODE = `query ($id: ID!) { node(id: $id) { ... on Call { id ${NUMBERS} a: callerNo legs { ${NUMBERS} } } } }`;
const ENTITIES = `query ($id: ID!, $representations: [_Any!]!) { node(id: $id) { id }
  _entities(representations: $representations) { ... on Call { id ${NUMBERS} a: callerNo legs { ${NUMBERS} } } } }`;

interface Numbers {
  readonly callerNo: string;
  readonly calleeNo: string;
  readonly callerNoHash: string | null;
  readonly calleeNoHash: string | null;
}
interface Shown extends Numbers {
  readonly id: string;
  readonly a: string;
  readonly legs: readonly Numbers[];
}

/** What a number looks like to those who may not see it; of a name, as visitors have, nothing is shown. */
const masked = (number: string): string =>
  /^\+?\d+$/.test(number) ? `****${number.slice(-Math.min(4, Math.floor(number.length / 2)))}` : '****';
const maskedAll = ({ callerNo, calleeNo, ...rest }: Numbers): Numbers => ({
  ...rest,
  callerNo: masked(callerNo),
  calleeNo: masked(calleeNo),
});

describe('phone numbers', () => {
  let secured: Secured;
  let gateway: TestGateway;
  /** Those who see numbers whole, and those who do not, by turns, so that none gets what was kept for another. */
  let callers: [seesNumbers: boolean, Credentials][];
  beforeAll(async () => {
    secured = await startSecured({ NUMBER_HASH_KEY: HASH_KEY });
    gateway = secured.gateway;
    callers = [
      [true, secured.keys.auditor],
      [false, secured.keys.dashboard],
      [true, await secured.token({ scope: 'other numbers' })],
      [false, await secured.token()],
      [false, await secured.token({ scope: 'numbersx Numbers' })],
      [true, await secured.token({ scp: ['numbers'] })],
    ];
  });
  afterAll(() => secured.close());

  const ask = async (document: string, variables: object, credentials: Credentials): Promise<Shown> => {
    const { body } = await gateway.query(document, { ...variables }, credentials);
    expect(body.errors).toBeUndefined();
    const { call, node, _entities } = body.data as Record<string, Shown> & { _entities?: Shown[] };
    return (_entities?.[0] ?? call ?? node) as Shown;
  };

  it('are whole for the scope `numbers` and masked for all others, whichever way they are asked for', async () => {
    const callId = newCallId();
    const whole = await ask(DOCUMENT, { callId }, secured.keys.auditor);
    expect(whole.callerNo).toMatch(/^\+?\d{5,}$/);
    expect(whole.legs.length).toBeGreaterThan(1);
    const hidden = { ...maskedAll(whole), id: whole.id, a: masked(whole.a), legs: whole.legs.map(maskedAll) };
    expect(hidden.callerNo).toMatch(/^\*{4}\d{2,4}$/);
    const variables = { callId, id: whole.id, representations: [{ __typename: 'Call', id: whole.id }] };
    // The first time the engine answers, then the fast path; the first caller is once the one and once the other.
    for (const turn of [callers, callers, [...callers].reverse()]) {
      for (const [seesNumbers, credentials] of turn) {
        for (const [document, names] of [
          [DOCUMENT, ['callId']],
          [NODE, ['id']],
          [ENTITIES, ['id', 'representations']],
        ] as const) {
          const given = Object.fromEntries(names.map((name) => [name, variables[name]]));
          expect(await ask(document, given, credentials)).toEqual(seesNumbers ? whole : hidden);
        }
      }
    }
  });

  it('have a hash that is equal for equal numbers, in every gateway with the key', async () => {
    const other = await startTestGateway({ NUMBER_HASH_KEY: HASH_KEY, ANONYMOUS_SCOPES: '' });
    try {
      const byNumber = new Map<string, Set<string | null>>();
      for (let number = 1; number <= 9; number += 1) {
        const callId = newCallId(number);
        const { legs, ...call } = await ask(DOCUMENT, { callId }, secured.keys.auditor);
        for (const shown of [call, ...legs]) {
          for (const [no, hash] of [
            [shown.callerNo, shown.callerNoHash],
            [shown.calleeNo, shown.calleeNoHash],
          ] as const)
            byNumber.set(no, (byNumber.get(no) ?? new Set()).add(hash));
        }
        const { body } = await other.query(DOCUMENT, { callId });
        expect(body.data?.['call']).toMatchObject({ callerNoHash: call.callerNoHash, callerNo: masked(call.callerNo) });
      }
      expect(byNumber.size).toBeGreaterThan(5);
      expect([...byNumber.values()].every((hashes) => hashes.size === 1)).toBe(true);
      const hashes = [...byNumber.values()].flatMap((one) => [...one]);
      expect(new Set(hashes).size).toBe(hashes.length);
      for (const hash of hashes) expect(hash).toMatch(/^[\w-]{22}$/);
    } finally {
      await other.close();
    }
  });

  it('have no hash without a key, nor one by another key', async () => {
    const callId = newCallId();
    const hashes: unknown[] = [];
    for (const settings of [{}, { NUMBER_HASH_KEY: `${HASH_KEY}!` }, { NUMBER_HASH_KEY: HASH_KEY }]) {
      const other = await startTestGateway(settings);
      const { body } = await other.query(DOCUMENT, { callId });
      hashes.push((body.data?.['call'] as Shown).callerNoHash);
      await other.close();
    }
    expect(hashes[0]).toBeNull();
    expect(new Set(hashes).size).toBe(3);
  });

  it('are masked for everybody where nobody says who asks, unless that is said', async () => {
    const callId = newCallId();
    const seen: string[] = [];
    for (const scopes of ['', 'numbers']) {
      const open = await startTestGateway({ ANONYMOUS_SCOPES: scopes });
      const { body } = await open.query(DOCUMENT, { callId });
      seen.push((body.data?.['call'] as Shown).callerNo);
      await open.close();
    }
    expect(seen).toEqual([masked(seen[1] ?? ''), expect.stringMatching(/^\+?\d{5,}$/)]);
  });

  it('stay out of errors and out of the log', async () => {
    const { callerNo, calleeNo, id } = await ask(DOCUMENT, { callId: newCallId() }, secured.keys.auditor);
    const replies = [
      await gateway.query(`{ node(id: "${id}") { nothing } }`, {}, secured.keys.auditor),
      await gateway.query(DOCUMENT, { callId: newCallId(), [callerNo]: callerNo }, secured.keys.stranger),
    ];
    gateway.simulator.configure({ fault: 'missing-fields' });
    replies.push(await gateway.query(DOCUMENT, { callId: newCallId() }, secured.keys.auditor));
    gateway.simulator.configure({ fault: null });
    const text = JSON.stringify(replies.map(({ body }) => body)) + gateway.logLines.join('');
    expect(replies.every(({ body }) => body.errors !== undefined)).toBe(true);
    for (const number of [callerNo, calleeNo]) expect(text).not.toContain(number);
  });
});
