import { describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { compilePlan, type Root } from '../../../src/graphql/fast-path/plan.js';
import type { Variables } from '../../../src/graphql/fast-path/declarations.js';
import { SCOPE } from './support/graph.js';

const planOf = (document: string) => compilePlan(SCOPE, parse(document));

/** The fields at the root of a document with these variables; none if it falls back. */
function rootsOf(document: string, variables: Variables = {}): readonly Root[] {
  const prepared = planOf(document)?.prepare(variables);
  return typeof prepared === 'object' ? prepared.roots : [];
}

/** What a document asks for with these variables: for each field at its root its keys; else why it falls back. */
function askedBy(document: string, variables: Variables = {}): unknown {
  const prepared = planOf(document)?.prepare(variables);
  return typeof prepared === 'object' ? prepared.roots.map((root) => root.requestsOf(prepared.variables)) : prepared;
}

const CALL =
  'query ($vdn: Int!, $callId: ID!, $month: CallMonth) { call(vdn: $vdn, callId: $callId, month: $month) { id } }';
const CALLS = 'query ($keys: [CallKeyInput!]!) { calls(keys: $keys) { id } }';
const NARRATIVE = `query ($language: CallLanguage = ZH, $zone: String) { call(vdn: 1, callId: "a") {
  narrative(language: $language, timeZone: $zone) { headline } } }`;
const NINE = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'];
const KEY = { vdn: 170, callId: '1736000000-2' };

describe('a plan', () => {
  it('asks for what the variables say', () => {
    expect(askedBy(CALL, KEY)).toEqual([[KEY]]);
    expect(askedBy(CALL, { ...KEY, month: '2025-01' })).toEqual([[{ ...KEY, month: '2025-01' }]]);
    expect(askedBy(CALLS, { keys: [KEY, { ...KEY, ccId: 2 }] })).toEqual([[KEY, { ...KEY, ccId: 2 }]]);
  });

  it('asks for what the document says, and for both mixed', () => {
    expect(askedBy('{ call(vdn: 170, callId: "1736000000-2", logDate: 1736000000000) { id } }')).toEqual([
      [{ ...KEY, logDate: 1_736_000_000_000 }],
    ]);
    const mixed =
      'query ($id: ID!, $key: CallKeyInput!) { calls(keys: [{ vdn: 170, callId: $id }, $key, { vdn: 1, callId: "x" }]) { id } }';
    expect(askedBy(mixed, { id: '1736000000-2', key: { ...KEY, vdn: 171 } })).toEqual([
      [KEY, { ...KEY, vdn: 171 }, { vdn: 1, callId: 'x' }],
    ]);
  });

  it('puts defaults in place of variables that did not come, and of no others', () => {
    const document =
      'query ($vdn: Int! = 170, $month: CallMonth = "2025-01") { call(vdn: $vdn, callId: "a", month: $month) { id } }';
    expect(askedBy(document)).toEqual([[{ vdn: 170, callId: 'a', month: '2025-01' }]]);
    expect(askedBy(document, { vdn: 171, month: null })).toEqual([[{ vdn: 171, callId: 'a', month: null }]]);
  });

  it('has the fields at the root in order, in fragments too, without those that are left out', () => {
    const document = `query ($with: Boolean!) { ...Two a: call(vdn: 1, callId: "a") { id } }
      fragment Two on Query { b: call(vdn: 2, callId: "b") @include(if: $with) { id } ... { c: call(vdn: 3, callId: "c") { id } } }`;
    const heads = (variables: Variables): unknown => rootsOf(document, variables).map(({ head }) => head.toString());
    expect(heads({ with: true })).toEqual(['"b":', ',"c":', ',"a":']);
    expect(heads({ with: false })).toEqual(['"c":', ',"a":']);
  });

  it('keeps what those see who see numbers whole apart from what the others do', () => {
    const [root] = rootsOf(CALL, KEY);
    expect(root?.viewIds.whole).toBeDefined();
    expect(root?.viewIds.whole).not.toBe(root?.viewIds.masked);
  });

  it('shares what shows the same of a call, and nothing else', () => {
    const kept = (document: string, variables: Variables = {}): string[] =>
      rootsOf(document, variables).map(({ viewIds }) => viewIds.whole);
    const [one] = kept('{ call(vdn: 1, callId: "a") { id legs { position } } }');
    const list =
      'query Q { x: calls(keys: [{ vdn: 2, callId: "b" }]) { id legs { position } } y: call(vdn: 3, callId: "c") { vdn } }';
    expect(kept(list)).toEqual([one, expect.not.stringContaining(String(one))]);
    const fragment = (fields: string): string =>
      `{ call(vdn: 1, callId: "a") { ...Row } } fragment Row on Call { ${fields} }`;
    const decided = 'query ($with: Boolean!) { call(vdn: 1, callId: "a") { id vdn @include(if: $with) } }';
    const others = [
      kept('{ call(vdn: 1, callId: "a") { id legs { p: position } } }'),
      kept('{ call(vdn: 1, callId: "a") { legs { position } id } }'),
      kept(fragment('id')),
      kept(fragment('vdn')),
      kept(decided, { with: true }),
      kept(decided, { with: false }),
    ].flat();
    expect(new Set([one, ...others]).size).toBe(7);
  });

  it.each([
    ['a mutation', 'mutation { forgetCall(vdn: 1, callId: "a") { forgotten } }'],
    ['two operations', 'query A { call(vdn: 1, callId: "a") { id } } query B { call(vdn: 1, callId: "a") { id } }'],
    [
      'more than eight variables that decide what is shown',
      `query (${NINE.map((name) => `$${name}: Boolean!`).join(' ')}) { call(vdn: 1, callId: "a") {
        ${NINE.map((name) => `${name}: id @skip(if: $${name})`).join(' ')} } }`,
    ],
  ])('is not made of %s', (_, document) => {
    expect(planOf(document)).toBeNull();
  });

  it.each([
    '{ node(id: "x") { id } }',
    '{ call(vdn: 1, callId: "a") { id } __typename }',
    '{ call(vdn: 1, callId: "a") { id } callRateLimit { remaining } }',
    '{ callCodes(table: MEDIA_TYPE) { code } }',
    '{ _service { sdl } }',
  ])('is not made of other fields at the root: %s', (document) => {
    expect(planOf(document)).toBeNull();
  });

  it('is made of the values of conditions, of which one combination may be unsupported', () => {
    const document = `query ($a: Boolean!, $b: Boolean!) {
      call(vdn: 1, callId: "a") { a: id @include(if: $a) b: id @include(if: $b) callId }
      callCodes(table: MEDIA_TYPE) @include(if: $a) { code } }`;
    const plan = planOf(document);
    const outcome = (a: boolean, b: boolean): unknown => {
      const prepared = plan?.prepare({ a, b });
      return typeof prepared === 'string' ? prepared : prepared?.roots.length;
    };
    for (let times = 0; times < 2; times += 1) {
      expect([outcome(false, false), outcome(false, true)]).toEqual([1, 1]);
      expect([outcome(true, false), outcome(true, true)]).toEqual(['unsupported', 'unsupported']);
    }
  });

  it('is made of the values of arguments below a call: absent, null and each value apart', () => {
    const plan = planOf(NARRATIVE);
    const viewOf = (variables: Variables): unknown => {
      const prepared = plan?.prepare(variables);
      return typeof prepared === 'object' ? prepared.roots[0]?.viewIds.whole : prepared;
    };
    const shown = [{}, { zone: null }, { zone: 'UTC' }, { language: 'EN' }, { language: null }].map(viewOf);
    expect(new Set(shown).size).toBe(5);
    expect(viewOf({ language: 'ZH' })).toBe(shown[0]);
    expect(viewOf({ zone: 'UTC' })).toBe(shown[2]);
  });

  it('keeps the eight combinations of values that were asked for last', () => {
    const plan = planOf(NARRATIVE);
    const rootOf = (zone: string): unknown => {
      const prepared = plan?.prepare({ zone });
      return typeof prepared === 'object' ? prepared.roots[0] : prepared;
    };
    const first = rootOf('zone 0');
    for (let zone = 1; zone < 8; zone += 1) rootOf(`zone ${zone}`);
    expect(rootOf('zone 0')).toBe(first);
    for (let zone = 8; zone < 16; zone += 1) rootOf(`zone ${zone}`);
    expect(rootOf('zone 0')).not.toBe(first);
  });

  it('is unsupported where null stands for an argument that must have a value', () => {
    const document = `query ($form: CallTextForm = PLAIN) { call(vdn: 1, callId: "a") { text(as: $form) } }`;
    expect(planOf(document)?.prepare({ form: null })).toBe('unsupported');
    expect(planOf(document)?.prepare({})).toMatchObject({ roots: [{ field: 'call' }] });
  });

  it('asks by the references of a router, by any of its keys', () => {
    const document =
      'query ($representations: [_Any!]!, $id: ID!) { _entities(representations: $representations) { __typename ... on Call { id } } literal: _entities(representations: [{ __typename: "Call", id: $id }]) { __typename } }';
    const representations = [
      { __typename: 'Call', id: 'x' },
      { __typename: 'Call', ccId: 1, vdn: 170, callId: '1736000000-2', month: '2025-01' },
      { __typename: 'Call', vdn: 170, callId: '1736000000-2' },
    ];
    expect(askedBy(document, { representations, id: 'y' })).toEqual([
      representations,
      [{ __typename: 'Call', id: 'y' }],
    ]);
    for (const odd of [
      {},
      { __typename: 'CallLeg' },
      { __typename: 'Call', id: 7 },
      { __typename: 'Call', more: [] },
      7,
    ])
      expect(askedBy(document, { representations: [odd], id: 'y' })).toMatchObject([null, {}]);
  });

  const FALL_BACK: readonly [why: string, document: string, variables: Variables][] = [
    ['a variable that is not declared', CALL, { ...KEY, more: 1 }],
    ['a variable that is missing', CALL, { vdn: 170 }],
    ['null where there must be a value', CALL, { ...KEY, callId: null }],
    ['null for a default', 'query ($vdn: Int! = 1) { call(vdn: $vdn, callId: "a") { id } }', { vdn: null }],
    [
      'a condition that is no Boolean',
      'query ($c: Boolean!) { call(vdn: 1, callId: "a") { id @skip(if: $c) } }',
      { c: 1 },
    ],
    ['a value that is not of its enum', NARRATIVE, { language: 'FR' }],
    ['a number for a text below a call', NARRATIVE, { language: 'EN', zone: 8 }],
    ['a list in a list in … for a text', NARRATIVE, { zone: JSON.parse(`${'['.repeat(9_000)}${']'.repeat(9_000)}`) }],
    ['a number that is too large for JSON', NARRATIVE, { zone: JSON.parse('1e400') }],
    ['long values that decide what is shown', NARRATIVE, { language: 'EN', zone: 'x'.repeat(500) }],
    [
      'a value for a field that is left out, which nobody has checked',
      'query ($vdn: Int!, $c: Boolean!) { call(vdn: 1, callId: "a") { id } b: call(vdn: $vdn, callId: "a") @skip(if: $c) { id } }',
      { vdn: 'wrong', c: true },
    ],
  ];
  it.each(FALL_BACK)('falls back for %s', (_, document, variables) => {
    expect(planOf(document)?.prepare(variables)).toBe('variables');
  });

  const wrongKeys: readonly (readonly [string, unknown])[] = [
    ['a text for a number', { ...KEY, vdn: '170' }],
    ['a broken number', { ...KEY, vdn: 170.5 }],
    ['a number for a text', { ...KEY, callId: 17 }],
    ['null for a number', { ...KEY, vdn: null }],
    ['a key without its VDN', { callId: 'a' }],
    ['a key without its call', { vdn: 170 }],
    ['a member that no key has', { ...KEY, more: 1 }],
    ['a member of all objects', JSON.parse('{"vdn":170,"callId":"a","__proto__":1}')],
    ['a number for a month', { ...KEY, month: 202_501 }],
    ['a Boolean for an instant', { ...KEY, logDate: true }],
    ['a text for a call centre', { ...KEY, ccId: '1' }],
    ['null for a key', null],
    ['a list for a key', [KEY]],
  ];
  it.each(wrongKeys)('leaves it to the standard path to judge %s', (_, key) => {
    expect(askedBy(CALLS, { keys: [KEY, key] })).toEqual([null]);
  });

  it.each(['true', '"false"', '$refresh'])('leaves it to the standard path to refresh: %s', (refresh) => {
    const head = refresh.startsWith('$') ? 'query ($refresh: Boolean)' : '';
    expect(
      askedBy(`${head} { call(vdn: 1, callId: "a", refresh: ${refresh}) { id } }`, head ? { refresh: true } : {}),
    ).toEqual([null]);
    expect(
      askedBy('query ($refresh: Boolean) { call(vdn: 1, callId: "a", refresh: $refresh) { id } }', { refresh: false }),
    ).toEqual([[{ vdn: 1, callId: 'a' }]]);
  });
});
