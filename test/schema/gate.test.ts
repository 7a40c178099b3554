import { describe, expect, it } from '@jest/globals';
import { parse, print, visit } from 'graphql';
import { printPromise } from '../../schema/gate/promise.js';
import { readSdl, type Sdl } from '../../src/graphql/sdl.js';
import { judge, toldWhole, type AcceptedChange } from '../../schema/gate/gate.js';
import type { KnownDocument } from '../../schema/gate/documents.js';

/** What is served, printed without descriptions. */
const PROMISE = printWithoutDescriptions(readSdl());

function printWithoutDescriptions({ direct, subgraph }: Sdl): string {
  const bare = (sdl: string): string =>
    print(
      visit(parse(sdl), { enter: (node) => ('description' in node ? { ...node, description: undefined } : undefined) }),
    );
  const forRouters = bare(subgraph);
  return printPromise({ subgraph: forRouters, direct: `${forRouters}\n${bare(direct.slice(subgraph.length))}` });
}

const TODAY = '2027-06-02';

/** An edit of the schema: the first text, which must be there, is replaced by the second; pairs of them. */
type Edit = readonly string[];

function edited(sdl: string, edit: Edit = []): string {
  let text = sdl;
  for (let at = 0; at < edit.length; at += 2) {
    const [from = '', to = ''] = edit.slice(at, at + 2);
    if (!text.includes(from)) throw new Error(`the schema has no ${from}`);
    text = text.replace(from, () => to);
  }
  return text;
}

async function judgeEdit(
  change: Edit,
  given: { before?: Edit; documents?: KnownDocument[]; accepted?: AcceptedChange[] } = {},
) {
  const { before = [], documents = [], accepted = [] } = given;
  const released = edited(PROMISE, before);
  const input = { released, served: edited(released, change), documents, accepted, today: TODAY };
  const { changes, refusals, warnings } = await judge(input);
  return { refusals, warnings, told: changes.map((told) => `${told.level}: ${toldWhole(told)}`) };
}

const COMPLETE = '  complete: Boolean!\n';
const deprecated = (reason: string) => `  complete: Boolean! @deprecated(reason: "${reason}")\n`;
const PASSED = [COMPLETE, deprecated('Use `endedAt`. Removed after 2027-06-01.')];

const CASES: readonly (readonly [what: string, edit: Edit, says: string, before?: Edit])[] = [
  // Breaking
  [
    'a field removed',
    [COMPLETE, ''],
    'breaking: Field `complete` was removed from object type `Call`. Documents that ask for it are refused. Deprecate it first.',
  ],
  [
    'a field renamed',
    [COMPLETE, '  isComplete: Boolean!\n'],
    'breaking: Field `complete` was removed from object type `Call`.',
  ],
  [
    'a field of another type',
    [COMPLETE, '  complete: Int!\n'],
    'breaking: Field `Call.complete` changed type from `Boolean!` to `Int!`. Generated types and parsers of clients no longer fit. Add a field of another name.',
  ],
  [
    'a field that may be null',
    [COMPLETE, '  complete: Boolean\n'],
    'breaking: Field `Call.complete` changed type from `Boolean!` to `Boolean`.',
  ],
  [
    'a list in place of one',
    ['  direction: CallDirection\n', '  direction: [CallDirection!]\n'],
    'breaking: Field `Call.direction` changed type from `CallDirection` to `[CallDirection!]`.',
  ],
  [
    'an argument removed',
    ['callCodes(table: CallCodeTable)', 'callCodes'],
    'breaking: Argument `table: CallCodeTable` was removed from field `Query.callCodes`. Clients that send it are refused. Deprecate it first.',
  ],
  [
    'an argument that is wanted now',
    ['table: CallCodeTable)', 'table: CallCodeTable!)'],
    'breaking: Type for argument `table` on field `Query.callCodes` changed from `CallCodeTable` to `CallCodeTable!`. Values and variables that were right are refused. Add an argument of another name.',
  ],
  [
    'a new argument that is wanted',
    ['table: CallCodeTable)', 'table: CallCodeTable, edition: Int!)'],
    'breaking: Argument `edition: Int!` added to field `Query.callCodes`. Documents without it are refused. Make it optional.',
  ],
  [
    'an argument of another type',
    ['call(vdn: Int!,', 'call(vdn: ID!,'],
    'breaking: Type for argument `vdn` on field `Query.call` changed from `Int!` to `ID!`.',
  ],
  [
    'another default',
    ['meaning(language: CallLanguage = EN)', 'meaning(language: CallLanguage = ZH)'],
    'breaking: Default value for argument `language` on field `CallCode.meaning` changed from `"EN"` to `"ZH"`. Clients that leave it out get another answer, and have changed nothing.',
  ],
  [
    'an enum value removed',
    ['  INTERNAL\n', ''],
    'breaking: Enum value `INTERNAL` was removed from enum `CallDirection`. Clients that send it are refused, and those that branch on it never do so again. Deprecate it first.',
  ],
  [
    'an input field removed',
    ['  ccId: Int\n}\n\ninterface', '}\n\ninterface'],
    'breaking: Input field `ccId` was removed from input object type `CallKeyInput`. Clients that send it are refused. Deprecate it first.',
  ],
  [
    'a new input field that is wanted',
    ['input CallKeyInput {', 'input CallKeyInput {\n  site: Int!'],
    'breaking: Input field `site` of type `Int!` was added to input object type `CallKeyInput`. Clients that do not send it are refused. Make it optional.',
  ],
  [
    'an input field that is wanted now',
    ['  ccId: Int\n}\n\ninterface', '  ccId: Int!\n}\n\ninterface'],
    'breaking: Input field `CallKeyInput.ccId` changed type from `Int` to `Int!`.',
  ],
  [
    'an interface dropped',
    ['type Call implements Node @key', 'type Call @key'],
    'breaking: `Call` object type no longer implements `Node` interface. Documents with a fragment on the interface are refused.',
  ],
  [
    'a member of a union removed',
    ['Call | CallNotFound | CallProblem', 'Call | CallNotFound'],
    'breaking: Member `CallProblem` was removed from Union type `CallResult`. Documents with a fragment on it are refused.',
  ],
  [
    'a type that became another kind',
    ['scalar CallMonth', 'enum CallMonth { JANUARY }'],
    'breaking: `CallMonth` kind changed from `ScalarTypeDefinition` to `EnumTypeDefinition`. Documents that use it are refused.',
  ],
  [
    'a key removed',
    [' @key(fields: "vdn callId")', ''],
    'breaking: `Call` lost `@key(fields: "vdn callId")`. Routers name a call by it: supergraphs that use it no longer compose.',
  ],
  [
    'a key of other fields',
    ['@key(fields: "vdn callId")', '@key(fields: "vdn callId ccId")'],
    'breaking: `Call` lost `@key(fields: "vdn callId")`.',
  ],
  [
    '@personal removed',
    ['  callerNo: String @personal @tag', '  callerNo: String @tag'],
    'breaking: `Call.callerNo` lost `@personal`. Personal data would be shown unmasked, unaudited, and be in the log.',
  ],
  [
    '@personal weakened',
    ['  callerNo: String @personal @tag', '  callerNo: String @personal(ifNumber: true) @tag'],
    'breaking: `Call.callerNo` lost `@personal`.',
  ],
  [
    '@tag removed',
    ['  callerNo: String @personal @tag(name: "personal-data")', '  callerNo: String @personal'],
    'breaking: `Call.callerNo` lost `@tag(name: "personal-data")`. Routers filter by it: what a contract hid would be shown.',
  ],
  [
    '@specifiedBy of another page',
    ['/date-time.html', '/local-date.html'],
    'breaking: `DateTime` lost `@specifiedBy(url: "https://scalars.graphql.org/andimarek/date-time.html")`.',
  ],
  [
    'another default of @personal',
    ['ifNumber: Boolean = false', 'ifNumber: Boolean = true'],
    'breaking: Default value for argument `ifNumber` on directive `personal` changed from `false` to `true`.',
  ],
  [
    'a field hidden from routers',
    [
      '  callCodes(table: CallCodeTable): [CallCode!]!\n',
      '',
      'extend type Query {',
      'extend type Query {\n  callCodes(table: CallCodeTable): [CallCode!]!',
    ],
    'breaking: For routers: Field `callCodes` was removed from object type `Query`.',
  ],
  [
    'an argument lost as its field is deprecated',
    [
      'callCodes(table: CallCodeTable): [CallCode!]!',
      'callCodes: [CallCode!]! @deprecated(reason: "Removed after 2028-01-01.")',
    ],
    'breaking: Argument `table: CallCodeTable` was removed from field `Query.callCodes`.',
  ],
  [
    'a key that can no longer be asked by',
    ['@key(fields: "vdn callId")', '@key(fields: "vdn callId", resolvable: false)'],
    'breaking: `Call` lost `@key(fields: "vdn callId")`.',
  ],
  [
    'another version of federation',
    ['federation/v2.3', 'federation/v2.9'],
    'breaking: `schema` lost `@link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@tag"])`. Composers that do not know the other version refuse the schema.',
  ],
  [
    'a field that routers hide now',
    [COMPLETE, '  complete: Boolean! @inaccessible\n'],
    'breaking: `Call.complete` has `@inaccessible`. Clients of a router are refused it.',
  ],
  [
    'an input of which one field is taken now',
    ['input CallKeyInput {\n  vdn: Int!\n  callId: ID!', 'input CallKeyInput @oneOf {\n  vdn: Int\n  callId: ID'],
    'breaking: `CallKeyInput` has `@oneOf`. Clients that send more than one of its fields, or none, are refused.',
  ],
  [
    'a directive of federation of which nothing is known',
    [
      'import: ["@key", "@tag"]',
      'import: ["@key", "@tag", "@override"]',
      COMPLETE,
      '  complete: Boolean! @override(from: "tickets")\n',
    ],
    'breaking: `Call.complete` has `@override(from: "tickets")`. Routers or tools may act upon it.',
  ],
  [
    'a field that routers ask of others now',
    [COMPLETE, '  complete: Boolean! @external\n'],
    'breaking: `Call.complete` has `@external`. Routers no longer ask this graph for it.',
  ],
  [
    'another type of a field that may be removed',
    ['complete: Boolean! @dep', 'complete: Int! @dep'],
    'breaking: Field `Call.complete` changed type from `Boolean!` to `Int!`.',
    PASSED,
  ],
  [
    'an argument that may be removed, and is wanted now',
    ['table: CallCodeTable @deprecated(reason: "Removed after 2027-06-01."))', 'table: CallCodeTable!)'],
    'breaking: Type for argument `table` on field `Query.callCodes` changed from `CallCodeTable` to `CallCodeTable!`.',
    ['table: CallCodeTable)', 'table: CallCodeTable @deprecated(reason: "Removed after 2027-06-01."))'],
  ],
  [
    'another default of an argument that may be removed',
    ['language: CallLanguage = EN @dep', 'language: CallLanguage = ZH @dep'],
    'breaking: Default value for argument `language` on field `Call.narrative` changed from `"EN"` to `"ZH"`.',
    ['language: CallLanguage = EN', 'language: CallLanguage = EN @deprecated(reason: "Removed after 2027-06-01.")'],
  ],
  [
    'no mutations any more',
    ['type Mutation {', 'type Mutations {'],
    'breaking: Schema mutation type `Mutation` was removed.',
  ],
  // Deprecations
  [
    'a field deprecated with a date',
    [COMPLETE, deprecated('Use `endedAt`. Removed after 2027-12-01.')],
    'dangerous: `Call.complete` is deprecated: Use `endedAt`. Removed after 2027-12-01.',
  ],
  [
    'a field deprecated without a date',
    [COMPLETE, deprecated('Use `endedAt`.')],
    'breaking: `Call.complete` is deprecated: Use `endedAt`. The reason must end with a date: `Removed after YYYY-MM-DD.`',
  ],
  [
    'a date that is no day',
    [COMPLETE, deprecated('Removed after 2027-02-30.')],
    'breaking: `Call.complete` is deprecated: Removed after 2027-02-30. The reason must end with a date: `Removed after YYYY-MM-DD.`',
  ],
  [
    'a deprecation on short notice',
    [COMPLETE, deprecated('Removed after 2027-07-01.')],
    'breaking: `Call.complete` is deprecated: Removed after 2027-07-01. Clients get 90 days: not before 2027-08-31.',
  ],
  [
    'a date brought forward',
    ['after 2028-06-01', 'after 2027-12-01'],
    'breaking: `Call.complete` is deprecated: Removed after 2027-12-01. Clients were told 2028-06-01: a date can be put off, not brought forward.',
    [COMPLETE, deprecated('Removed after 2028-06-01.')],
  ],
  [
    'a date put off',
    ['after 2027-06-01', 'after 2027-07-01'],
    'dangerous: `Call.complete` is deprecated: Use `endedAt`. Removed after 2027-07-01.',
    PASSED,
  ],
  ['a deprecation taken back', [PASSED[1] ?? '', COMPLETE], 'safe: `Call.complete` is no longer deprecated.', PASSED],
  [
    'a deprecated field removed in time',
    [PASSED[1] ?? '', ''],
    'announced: Field `complete` was removed from object type `Call`. Its deprecation said so.',
    PASSED,
  ],
  [
    'a deprecated field removed on its last day',
    ['  complete: Boolean! @deprecated(reason: "Removed after 2027-06-02.")\n', ''],
    'breaking: Field `complete` was removed from object type `Call`.',
    [COMPLETE, deprecated('Removed after 2027-06-02.')],
  ],
  [
    'a deprecated enum value removed in time',
    ['  INTERNAL @deprecated(reason: "Removed after 2027-06-01.")\n', ''],
    'announced: Enum value `INTERNAL` was removed from enum `CallDirection`.',
    ['  INTERNAL\n', '  INTERNAL @deprecated(reason: "Removed after 2027-06-01.")\n'],
  ],
  [
    'a deprecated argument removed in time',
    ['table: CallCodeTable @deprecated(reason: "Removed after 2027-06-01.")', 'unused: Int'],
    'announced: Argument `table: CallCodeTable` was removed from field `Query.callCodes`.',
    ['table: CallCodeTable)', 'table: CallCodeTable @deprecated(reason: "Removed after 2027-06-01."))'],
  ],
  [
    'a type that a field still returns, beside one in time',
    [
      '  late: CallForgetProblem @deprecated(reason: "Removed after 2027-06-01.")\n',
      '',
      'problem: CallForgetProblem',
      'problem: CallForgetTrouble',
      'enum CallForgetProblem ',
      'enum CallForgetTrouble ',
    ],
    'breaking: Type `CallForgetProblem` was removed. Documents with a fragment on it are refused. Deprecate all fields that return it first.',
    [COMPLETE, `${COMPLETE}  late: CallForgetProblem @deprecated(reason: "Removed after 2027-06-01.")\n`],
  ],
  [
    'a type that nothing returns any more',
    [
      '  callViewer: CallViewer! @deprecated(reason: "Removed after 2027-06-01.")\n',
      '',
      'type CallViewer ',
      'type CallSeer ',
    ],
    'announced: Type `CallViewer` was removed.',
    ['  callViewer: CallViewer!\n', '  callViewer: CallViewer! @deprecated(reason: "Removed after 2027-06-01.")\n'],
  ],
  // What clients must expect
  [
    'a new enum value',
    ['enum CallDirection {', 'enum CallDirection {\n  SIDEWAYS'],
    'dangerous: Enum value `SIDEWAYS` was added to enum `CallDirection`. Clients must expect it, as any value that they do not know.',
  ],
  [
    'a new member of a union',
    ['Call | CallNotFound | CallProblem', 'Call | CallNotFound | CallProblem | CallCode'],
    'dangerous: Member `CallCode` was added to Union type `CallResult`. Clients must expect it, as any `__typename` that they do not know.',
  ],
  [
    'a type that implements an interface now',
    ['type CallLeg {', 'type CallLeg implements Node {'],
    'dangerous: `CallLeg` object implements `Node` interface. Clients that read the interface must expect it.',
  ],
  [
    'a field that is masked now',
    ['  callerNoHash: String\n', '  callerNoHash: String @personal\n'],
    'dangerous: `Call.callerNoHash` has `@personal`. Callers without the scope `numbers` read it masked.',
  ],
  [
    'a new type that implements a known interface',
    ['union CallResult', 'type CallColour implements Node { id: ID! }\nunion CallResult'],
    'dangerous: `CallColour` object implements `Node` interface. Clients that read the interface must expect it.',
  ],
  [
    'a mask for more values of a field',
    ['  deviceNo: String @personal(ifNumber: true)', '  deviceNo: String @personal'],
    'dangerous: `CallLeg.deviceNo` has `@personal`. Callers without the scope `numbers` read it masked.',
  ],
  [
    'a new tag',
    [COMPLETE, '  complete: Boolean! @tag(name: "personal-data")\n'],
    'dangerous: `Call.complete` has `@tag(name: "personal-data")`. Contracts that leave out what has the tag lose it.',
  ],
  // Safe
  [
    'a directive of federation that is imported',
    ['import: ["@key", "@tag"]', 'import: ["@tag", "@shareable", "@key"]'],
    'safe: `schema` has `@link(',
  ],
  [
    'a new input field with a default',
    ['input CallKeyInput {', 'input CallKeyInput {\n  site: Int! = 1'],
    'safe: Input field `site` of type `Int!` with default value `1` was added to input object type `CallKeyInput`.',
  ],
  ['a new field', [COMPLETE, `${COMPLETE}  colour: String\n`], 'safe: Field `colour` was added to object type `Call`.'],
  [
    'a field that is never null any more',
    ['  direction: CallDirection\n', '  direction: CallDirection!\n'],
    'safe: Field `Call.direction` changed type from `CallDirection` to `CallDirection!`.',
  ],
  [
    'a new optional argument',
    ['table: CallCodeTable)', 'table: CallCodeTable, edition: Int)'],
    'safe: Argument `edition: Int` added to field `Query.callCodes`.',
  ],
  [
    'an argument that may be left out now',
    ['call(vdn: Int!,', 'call(vdn: Int,'],
    'safe: Type for argument `vdn` on field `Query.call` changed from `Int!` to `Int`.',
  ],
  [
    'a new type',
    ['union CallResult', 'type CallColour { name: String }\nunion CallResult'],
    'safe: Type `CallColour` was added.',
  ],
  [
    'a new key',
    [' @key(fields: "vdn callId")', ' @key(fields: "vdn callId") @key(fields: "callId")'],
    'safe: `Call` has `@key(fields: "callId")`.',
  ],
];

describe('the gate of the schema', () => {
  it.each(CASES)('says what a reviewer would of %s', async (_, edit, says, before = []) => {
    const { told, refusals } = await judgeEdit(edit, { before });
    expect(told).toContainEqual(expect.stringContaining(says));
    expect(refusals.some((refusal) => refusal.startsWith(says.replace('breaking: ', 'Breaking: ')))).toBe(
      says.startsWith('breaking'),
    );
  });

  it('says nothing of a schema that is as it was, but for descriptions', async () => {
    const change = [
      COMPLETE,
      `  "True when the final record is there."
${COMPLETE}`,
    ];
    expect(await judgeEdit(change)).toEqual({ told: [], refusals: [], warnings: [] });
  });

  it.each([
    ['a key in another order', ['@key(fields: "vdn callId")', '@key(fields: "callId, vdn")']],
    ['what is so by default', ['@key(fields: "vdn callId")', '@key(fields: "vdn callId", resolvable: true)']],
    ['a mask, written out', ['callerNo: String @personal @tag', 'callerNo: String @personal(ifNumber: false) @tag']],
    [
      'directives in another order',
      [
        ' @key(fields: "id") @key(fields: "ccId vdn callId month")',
        ' @key(fields: "ccId vdn callId month") @key(fields: "id")',
      ],
    ],
  ])('says nothing of %s', async (_, change) => {
    expect(await judgeEdit(change)).toEqual({ told: [], refusals: [], warnings: [] });
  });

  it.each([
    ['is not GraphQL', [COMPLETE, '  complete: Boolean!!\n'], 'Syntax Error: Expected Name, found "!".'],
    ['names an unknown type', [COMPLETE, '  complete: Boolen!\n'], 'Unknown type: "Boolen".'],
    [
      'lacks a field of an interface',
      ['interface Node {', 'interface Node {\n  x: Int'],
      'Interface field Node.x expected',
    ],
    [
      'deprecates what must be given',
      ['call(vdn: Int!', 'call(vdn: Int! @deprecated(reason: "Removed after 2029-01-01.")'],
      'Required argument Query.call(vdn:) cannot be deprecated.',
    ],
  ])('refuses what %s', async (_, change, why) => {
    await expect(judgeEdit(change)).rejects.toThrow(`What is served is no schema: ${why}`);
  });

  it('names the document that is not GraphQL', async () => {
    const documents = [{ name: 'manifest.json (abc)', text: '{' }];
    await expect(judgeEdit([], { documents })).rejects.toThrow('manifest.json (abc): Syntax Error');
  });

  it('says a new type once, without its parts', async () => {
    const { told } = await judgeEdit([
      'union CallResult',
      'type CallColour { "Which." name(short: Boolean = true): String }\nunion CallResult',
    ]);
    expect(told).toEqual(['safe: Type `CallColour` was added.']);
  });

  it('refuses a known document that asks for what is gone', async () => {
    const documents = [{ name: 'examples/x.graphql', text: '{ call(vdn: 1, callId: "1") { complete } }' }];
    const { refusals } = await judgeEdit([PASSED[1] ?? '', ''], { before: PASSED, documents });
    expect(refusals).toEqual(['Known document: examples/x.graphql: Cannot query field "complete" on type "Call".']);
  });

  it('warns of a known document that asks for what is deprecated', async () => {
    const documents = [{ name: 'examples/x.graphql', text: '{ call(vdn: 1, callId: "1") { complete } }' }];
    const { refusals, warnings } = await judgeEdit([], { before: PASSED, documents });
    expect(refusals).toEqual([]);
    expect(warnings).toEqual([
      'examples/x.graphql: The field Call.complete is deprecated. Use `endedAt`. Removed after 2027-06-01.',
    ]);
  });

  it('lets a breaking change through that was agreed upon, with the reason in the changelog', async () => {
    const accepted = [
      {
        change: 'Field `complete` was removed from object type `Call`.',
        agreedBy: 'the dashboard',
        reason: 'It showed what it must not.',
      },
    ];
    const { told, refusals } = await judgeEdit([COMPLETE, ''], { accepted });
    expect(refusals).toEqual([]);
    expect(told).toEqual([
      'accepted: Field `complete` was removed from object type `Call`. It showed what it must not. Agreed by the dashboard.',
    ]);
  });

  it('refuses an acceptance that no change needs', async () => {
    const { refusals } = await judgeEdit([], {
      accepted: [{ change: 'Nothing.', agreedBy: 'nobody', reason: 'None.' }],
    });
    expect(refusals).toEqual(['Accepted, but no breaking change: Nothing.']);
  });
});
