import { describe, expect, it } from '@jest/globals';
import { execute, isLeafType, isObjectType, parse, type GraphQLObjectType } from 'graphql';
import { ALL_GRANTS } from '../../../src/access/grants.js';
import type { CallTrace } from '../../../src/call/trace.js';
import { compilePlan } from '../../../src/graphql/fast-path/plan.js';
import type { View } from '../../../src/graphql/fast-path/view.js';
import { createRecord, createTrace } from '../../fixtures/records.js';
import { SCHEMA, SCOPE } from './support/graph.js';

/** Every field below a type. */
function everything(type: GraphQLObjectType): string {
  return Object.values(type.getFields())
    .map(({ name, type: of }) => {
      const inner = SCHEMA.getType(String(of).replace(/[[\]!]/g, ''));
      if (name === 'text') return 'text(as: MARKDOWN, language: ZH, timeZone: "Asia/Shanghai")';
      if (name === 'leg' && isObjectType(inner)) return `leg(position: 1) { ${everything(inner)} }`;
      return isLeafType(inner) ? name : isObjectType(inner) ? `${name} { ${everything(inner)} }` : '';
    })
    .join(' ');
}

const viewOf = (selection: string, trace: CallTrace, seesNumbers = true): View => {
  const document = parse(`{ call(vdn: 170, callId: "1749974400-2") { ${selection} } }`);
  const prepared = compilePlan(SCOPE, document)?.prepare({});
  const root = typeof prepared === 'object' ? prepared.roots[0] : undefined;
  if (!root) throw new Error('no plan');
  return root.view.make(trace, seesNumbers, true);
};

/** The bytes of a view as an answer holds them. */
const textOf = (view: View): string => view.parts.map(String).join(view.age());

/** What graphql-js makes of the same. */
async function executed(selection: string, trace: CallTrace, seesNumbers: boolean): Promise<string> {
  const result = await execute({
    schema: SCHEMA,
    document: parse(`{ call(vdn: 170, callId: "1749974400-2") { ${selection} } }`),
    contextValue: {
      caller: { id: '', grants: ALL_GRANTS, seesNumbers },
      traces: { load: () => Promise.resolve(trace) },
      answers: [],
      failures: [],
      numbersShown: new Set(),
    },
  });
  expect(result.errors).toBeUndefined();
  return JSON.stringify(result.data?.['call']);
}

const NUMBERS = { callerNo: '5550100001', calleeNo: '10086' };
const AWKWARD = createTrace([
  createRecord({
    ...NUMBERS,
    deviceNo: '"\\\u2028é\u{1F600}',
    deviceIn: '\u0007',
    mediaType: 5,
    waitBegin: 1_749_974_400_001,
  }),
  createRecord({ callIdNum: -1, releaseCause: 4242, callBegin: 1_749_974_400_002, callEnd: 9_749_974_400_002 }),
]);
const BARE = createTrace([createRecord()]);

describe('a view', () => {
  const ALL = everything(SCHEMA.getType('Call') as GraphQLObjectType);

  it.each([
    ['whole', true],
    ['masked', false],
  ])('says of every field what graphql-js says, numbers %s', async (_, seesNumbers) => {
    for (const trace of [AWKWARD, BARE]) {
      expect(textOf(viewOf(ALL, trace, seesNumbers))).toBe(await executed(ALL, trace, seesNumbers));
    }
    expect(ALL).toContain('freshness { source askedAt ageMs');
  });

  it('leaves out the age, however often it is asked for', () => {
    const view = viewOf('freshness { ageMs old: ageMs } more: freshness { ageMs }', AWKWARD);
    expect(view.parts.map(String)).toEqual(['{"freshness":{"ageMs":', ',"old":', '},"more":{"ageMs":', '}}']);
    expect(view.age()).toBe('5000');
    expect(view.size).toBe(view.parts.reduce((bytes, part) => bytes + part.length, 0));
  });

  it('knows whether it shows a number, whole or masked', () => {
    for (const sees of [true, false]) {
      expect(viewOf('id legs { callerNo }', AWKWARD, sees).showsNumbers).toBe(true);
      expect(viewOf('calleeNo', AWKWARD, sees).showsNumbers).toBe(true);
      expect(viewOf('id callerNoHash legs { calleeNoHash }', AWKWARD, sees).showsNumbers).toBe(false);
      expect(viewOf('callerNo calleeNo', BARE, sees).showsNumbers).toBe(false);
    }
  });

  it('masks numbers for those who do not see them whole', () => {
    expect(textOf(viewOf('callerNo calleeNo', AWKWARD, true))).toBe('{"callerNo":"5550100001","calleeNo":"10086"}');
    expect(textOf(viewOf('callerNo calleeNo', AWKWARD, false))).toBe('{"callerNo":"****0001","calleeNo":"****86"}');
  });

  it('is null for a call that was not found, and shows no number', () => {
    const view = viewOf('id callerNo freshness { ageMs }', createTrace([]));
    expect([textOf(view), view.showsNumbers]).toEqual(['null', false]);
  });

  it('throws where the standard path answers an error', () => {
    expect(() => viewOf('startedAt', createTrace([createRecord({ waitBegin: 1e300 })]))).toThrow();
    const record = { ...createRecord(), callIdNum: null as unknown as number };
    expect(() => viewOf('legs { callIdNum }', createTrace([record]))).toThrow('there must be a value');
  });
});
