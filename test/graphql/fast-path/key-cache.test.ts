import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createTraceQuestion, traceKeyText, type CallRequest, type KeyRules } from '../../../src/call/key.js';
import { monthOf } from '../../../src/call/month.js';
import { createKeyCache } from '../../../src/graphql/fast-path/key-cache.js';
import type { CallNaming } from '../../../src/graphql/fast-path/requests.js';
import { callNodeId } from '../../../src/graphql/node-id.js';
import { questionOfReference } from '../../../src/graphql/references.js';

const NOW = Date.UTC(2026, 1, 10, 12);
const MONTH = monthOf(Date.UTC(2025, 0, 15), 'UTC');
const DAY_MS = 86_400_000;
const RULES: KeyRules = {
  defaultCcId: 1,
  timeZoneOf: (ccId) => (ccId === 2 ? 'Asia/Shanghai' : 'UTC'),
  now: () => NOW,
};

const callId = fc.constantFrom('1736000000-2', '1740787200-1', '1770768000-9', '1771000000-1', 'odd call', 'x', '');
const request: fc.Arbitrary<CallRequest> = fc.record(
  {
    vdn: fc.constantFrom(170, 171, 0),
    callId,
    ccId: fc.constantFrom(undefined, null, 1, 2, 70_000),
    month: fc.constantFrom(undefined, null, '2025-01', '2026-13'),
    logDate: fc.constantFrom(undefined, null, 1_736_000_000_000, 'yesterday'),
  },
  { requiredKeys: ['vdn', 'callId'] },
);

const reference: fc.Arbitrary<CallNaming> = fc.record(
  {
    __typename: fc.constant('Call' as const),
    id: fc.constantFrom(
      callNodeId({ ccId: 1, vdn: 170, callId: '1736000000-2', month: MONTH }),
      callNodeId({ ccId: 2, vdn: 171, callId: 'odd call', month: MONTH }),
      '1736000000-2',
      'x',
    ),
    vdn: fc.constantFrom(170, 171, 0),
    callId,
    ccId: fc.constantFrom(undefined, null, 1, 2),
    month: fc.constantFrom(undefined, null, '2025-01', '2026-13'),
  },
  { requiredKeys: ['__typename'] },
);

/** How far a clock is off. Unit: ms. */
const STEP = fc.constantFrom(-3 * DAY_MS, 0, DAY_MS, 3 * DAY_MS);

/** A result, or the message of what was thrown. */
function outcome<T>(make: () => T): T | string {
  try {
    return make();
  } catch (error) {
    return (error as Error).message;
  }
}

describe('the key cache', () => {
  it('refuses null in a reference, though the same arguments of a field are right', () => {
    const known = createKeyCache(RULES);
    const named = { vdn: 170, callId: '1736000000-2', ccId: null };
    expect(known(named, NOW).key).toMatchObject({ ccId: 1, callId: '1736000000-2' });
    expect(() => known({ __typename: 'Call', ...named }, NOW)).toThrow('ccId must not be null');
    expect(known(named, NOW).key).toMatchObject({ ccId: 1 });
  });

  it('returns what the standard path makes of the same at the same moment, whatever was asked before', () => {
    const steps = fc.array(fc.tuple(fc.oneof(request, reference), STEP, STEP), {
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(steps, (asked) => {
        let wall = NOW;
        const rules = { ...RULES, wall: () => wall };
        const known = createKeyCache(rules);
        for (const [one, later, wallLater] of asked) {
          wall = NOW + wallLater;
          const found = outcome(() => {
            const { key, loggedAt, text } = known(one, NOW + later);
            return { key, loggedAt, text };
          });
          const made = outcome(() => {
            const { key, loggedAt } =
              '__typename' in one
                ? questionOfReference(one, rules, NOW + later)
                : createTraceQuestion(one, rules, NOW + later);
            return { key, loggedAt, text: traceKeyText(key) };
          });
          expect(found).toEqual(made);
        }
      }),
    );
  });

  it('refuses what was possible by our own clock alone, once that is set back', () => {
    let wall = NOW + 3 * DAY_MS;
    const known = createKeyCache({ ...RULES, wall: () => wall });
    const asked = { vdn: 170, callId: '1771000000-1' };
    expect(known(asked, NOW).key.month).toBe('2026-02');
    wall = NOW;
    expect(() => known(asked, NOW)).toThrow('callId does not begin with the time of the call');
  });

  it('makes a key once', () => {
    const known = createKeyCache(RULES);
    const asked = { vdn: 170, callId: '1736000000-2' };
    expect(known(asked, NOW)).toBe(known({ ...asked }, NOW + 1));
  });

  it('keeps what a client believes for that client: a logDate is remembered for nobody else', () => {
    const known = createKeyCache(RULES);
    const loggedAt = Date.UTC(2025, 0, 31, 23);
    const asked = { vdn: 170, callId: 'odd call' };
    const hinted = known({ ...asked, logDate: loggedAt }, NOW);
    const plain = known({ ...asked, month: '2025-01' }, NOW);
    expect([hinted.loggedAt, plain.loggedAt]).toEqual([loggedAt, undefined]);
    expect(plain.text).toBe(hinted.text);
  });
});
