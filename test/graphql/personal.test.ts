import { buildSubgraphSchema } from '@apollo/subgraph';
import { describe, expect, it } from '@jest/globals';
import { getOperationAST, graphql, parse, type FieldNode, type GraphQLObjectType, type GraphQLSchema } from 'graphql';
import pino from 'pino';
import { createAnonymous } from '../../src/access/caller.js';
import { ALL_GRANTS } from '../../src/access/grants.js';
import { createCodeTables } from '../../src/call/codes/codes.js';
import type { GraphContext } from '../../src/graphql/context.js';
import { maskPersonal, personalNames } from '../../src/graphql/personal.js';
import { createResolvers } from '../../src/graphql/resolvers.js';
import { createSchema } from '../../src/graphql/schema.js';
import { readSdl } from '../../src/graphql/sdl.js';
import { createLoader } from '../../src/loader.js';
import { withoutPersonalData } from '../../src/observability/logs.js';
import { compileView } from '../../src/graphql/fast-path/view.js';
import { createKey, createRecord, createTrace } from '../fixtures/records.js';
import { lifeByDefault } from '../support/traces.js';
import { UNDERSTANDING } from '../support/understanding.js';
import { SCOPE } from './fast-path/support/graph.js';

const OPTIONS = {
  keyRules: { defaultCcId: 1, timeZoneOf: () => 'UTC', now: Date.now },
  codes: createCodeTables(),
  lifeOf: lifeByDefault,
  forget: () => Promise.resolve(null),
  hashNumber: () => null,
  ...UNDERSTANDING,
};
const WEIGHT = { perObject: 1, perItem: new Map<string, number>(), selections: 0, isDerived: false };
const KEY = createKey();
const TRACE = createTrace([createRecord({ callerNo: '13800000123', calleeNo: null, currentSkillId: '205677' })], {
  key: KEY,
});

/** The graph of this project with something in its SDL replaced. */
function changedSchema(from: string, to: string): GraphQLSchema {
  const sdl = readSdl().direct;
  expect(sdl).toContain(from);
  return buildSubgraphSchema([{ typeDefs: parse(sdl.replaceAll(from, to)), resolvers: createResolvers(OPTIONS) }]);
}

/** What a caller sees of the one call there is, and whose numbers that showed. */
async function ask(schema: GraphQLSchema, selection: string, seesNumbers: boolean) {
  const traces = createLoader((keys) => keys.map(() => Promise.resolve(TRACE)), {});
  const contextValue: GraphContext = {
    requestId: 'r',
    caller: createAnonymous(ALL_GRANTS, seesNumbers),
    traces,
    refreshedTraces: traces,
    answers: [],
    failures: [],
    cost: 1,
    points: null,
    numbersShown: new Set(),
    operationName: null,
    outcomes: [],
    isTooLate: () => false,
    isStorable: false,
    span: null,
    traceparent: undefined,
  };
  const source = `{ call(vdn: ${KEY.vdn}, callId: "${KEY.callId}", month: "${KEY.month}") { ${selection} } }`;
  const { data, errors } = await graphql({ schema, source, contextValue });
  expect(errors).toBeUndefined();
  const { call } = JSON.parse(JSON.stringify(data)) as { call: unknown };
  return { call, shown: [...contextValue.numbersShown] };
}

describe('the directive @personal in the schema', () => {
  const schema = createSchema({ ...OPTIONS, maskKeepDigits: 4 });

  it('stands at the numbers of calls and legs', () => {
    expect(personalNames(schema).sort()).toEqual(['calleeNo', 'callerNo', 'currentSkillId', 'deviceIn', 'deviceNo']);
  });

  it('masks them for callers who may not see them whole, and notes the call', async () => {
    const selection = 'callerNo legs { callerNo }';
    expect(await ask(schema, selection, false)).toEqual({
      call: { callerNo: '****0123', legs: [{ callerNo: '****0123' }] },
      shown: [KEY],
    });
    expect(await ask(schema, selection, true)).toEqual({
      call: { callerNo: '13800000123', legs: [{ callerNo: '13800000123' }] },
      shown: [KEY],
    });
  });

  it('notes nothing where there is no number, or none is asked for', async () => {
    expect(await ask(schema, 'calleeNo legs { calleeNo callIdNum }', true)).toEqual({
      call: { calleeNo: null, legs: [{ calleeNo: null, callIdNum: 1 }] },
      shown: [],
    });
  });
});

describe('the directive @personal put at another field', () => {
  const schema = changedSchema('currentSkillId: String @personal(ifNumber: true)', 'currentSkillId: String @personal');
  maskPersonal(schema, 4);

  it('masks it, and notes the call', async () => {
    expect(await ask(schema, 'legs { currentSkillId }', false)).toMatchObject({
      call: { legs: [{ currentSkillId: '****677' }] },
      shown: [KEY],
    });
    expect(await ask(schema, 'legs { currentSkillId }', true)).toEqual({
      call: { legs: [{ currentSkillId: '205677' }] },
      shown: [KEY],
    });
  });

  it('does so on the fast path, too', () => {
    const operation = getOperationAST(parse('{ call { legs { currentSkillId } } }'));
    const nodes = operation?.selectionSet.selections as readonly FieldNode[];
    const callType = schema.getType('Call') as GraphQLObjectType;
    const view = compileView({ ...SCOPE, schema, fragments: {}, variables: {} }, callType, nodes, WEIGHT);
    const [masked, whole] = [view.make(TRACE, false, true), view.make(TRACE, true, true)];
    expect(String(masked.parts[0])).toBe('{"legs":[{"currentSkillId":"****677"}]}');
    expect(String(whole.parts[0])).toBe('{"legs":[{"currentSkillId":"205677"}]}');
    expect([masked.showsNumbers, whole.showsNumbers]).toEqual([true, true]);
  });

  it('strikes it out in the log', () => {
    const lines: string[] = [];
    const log = withoutPersonalData(
      pino({}, { write: (line: string) => void lines.push(line) }),
      personalNames(schema),
    );
    log.warn({ records: [TRACE.records[0]] }, 'odd');
    expect(lines.join('')).toContain('"currentSkillId":"[personal]"');
    expect(lines.join('')).not.toMatch(/205677|13800000123/);
  });

  it.each([
    ['an integer', 'subCcNo: Int', 'subCcNo: Int @personal', 'subCcNo'],
    ['a list', 'legs: [CallLeg!]!', 'legs: [CallLeg!]! @personal', 'legs'],
  ])('is an error from the start where there is no mask for the type: %s', (_, from, to, name) => {
    expect(() => maskPersonal(changedSchema(from, to), 4)).toThrow(
      new TypeError(`the field ${name} is @personal, and of a type that cannot be masked`),
    );
  });
});
