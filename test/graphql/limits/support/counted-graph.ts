import { HeaderMap } from '@apollo/server';
import { isIntrospectionType, isObjectType, type GraphQLSchema } from 'graphql';
import pino from 'pino';
import { createAnonymous } from '../../../../src/access/caller.js';
import { ALL_GRANTS } from '../../../../src/access/grants.js';
import { createCodeTables } from '../../../../src/call/codes/codes.js';
import type { TraceKey } from '../../../../src/call/key.js';
import type { CallTrace } from '../../../../src/call/trace.js';
import { loadConfig } from '../../../../src/config/config.js';
import { createApolloServer } from '../../../../src/graphql/apollo.js';
import type { OperationWork } from '../../../../src/graphql/limits/work.js';
import { createTurns } from '../../../../src/graphql/limits/turns.js';
import { createNumberHash } from '../../../../src/graphql/numbers.js';
import { createPersistedQueries } from '../../../../src/graphql/persisted-queries.js';
import type { GraphContext } from '../../../../src/graphql/context.js';
import { createContext } from '../../../../src/graphql/request-context.js';
import { createSchema } from '../../../../src/graphql/schema.js';
import { createLoader } from '../../../../src/loader.js';
import { BEGAN_AT, createRecord, createTrace } from '../../../fixtures/records.js';
import { environmentFor } from '../../../support/gateway.js';
import { lifeByDefault } from '../../../support/traces.js';
import { UNDERSTANDING } from '../../../support/understanding.js';

/** What came of an operation, and what was done for it. */
export interface Counted {
  /** The code of its first error; null for an answer without errors. */
  readonly code: string | null;
  /** Fields that were resolved. */
  readonly fields: number;
  /** Most of them between two turns of the event loop. */
  readonly mostInATurn: number;
  /** Fields that the limits have counted. */
  readonly counted: number;
  /** Unit: characters. */
  readonly length: number;
}

/** The graph, as the standard path answers it, counting the fields that it resolves. */
export interface CountedGraph {
  readonly maxFields: number;
  ask(document: string, variables: Readonly<Record<string, unknown>>): Promise<Counted>;
}

interface Count {
  fields: number;
  inTurn: number;
  mostInATurn: number;
  /** Apollo Server copies the context: this is found with the first field. */
  work: OperationWork | undefined;
}

/** Returns one in which every call is there, with as many legs as the number behind the dash of its ID. */
export function createCountedGraph(): CountedGraph {
  const { limits } = loadConfig(environmentFor({ url: 'http://127.0.0.1' }), () => '');
  const count: Count = { fields: 0, inTurn: 0, mostInATurn: 0, work: undefined };
  const schema = createSchema({
    keyRules: { defaultCcId: 1, timeZoneOf: () => 'UTC', now: () => BEGAN_AT + 3_600_000 },
    codes: createCodeTables(),
    lifeOf: lifeByDefault,
    forget: () => Promise.resolve(null),
    hashNumber: createNumberHash('a key of these tests, long enough'),
    maskKeepDigits: 4,
    ...UNDERSTANDING,
  });
  countFields(schema, ({ work }) => {
    count.work = work;
    count.fields += 1;
    count.inTurn += 1;
    count.mostInATurn = Math.max(count.mostInATurn, count.inTurn);
  });
  const apollo = createApolloServer({
    ...{ schema, limits, points: null, turns: createTurns(), trusted: undefined, fastPath: null, introspection: false },
    persistedQueries: createPersistedQueries(null, () => true),
    audit: () => undefined,
    observer: { operation: () => 'none', answer: () => undefined, fastPath: () => undefined },
    log: pino({ level: 'silent' }),
  });
  apollo.startInBackgroundHandlingStartupErrorsByLoggingAndFailingAllRequests();

  return {
    maxFields: limits.fields,
    async ask(query, variables) {
      Object.assign(count, { fields: 0, inTurn: 0, mostInATurn: 0, work: undefined });
      let isOver = false;
      const nextTurn = (): void => {
        count.inTurn = 0;
        if (!isOver) setImmediate(nextTurn);
      };
      setImmediate(nextTurn);
      const context = createContext(
        'r',
        { caller: createAnonymous(ALL_GRANTS, true), points: null },
        () => createLoader((keys) => keys.map((key) => Promise.resolve(traceOf(key))), {}),
        () => false,
      );
      const { body } = await apollo
        .executeHTTPGraphQLRequest({
          httpGraphQLRequest: {
            method: 'POST',
            headers: new HeaderMap([['content-type', 'application/json']]),
            search: '',
            body: { query, variables },
          },
          context: () => Promise.resolve(context),
        })
        .finally(() => (isOver = true));
      if (body.kind !== 'complete') throw new Error('it came in parts');
      const { errors } = JSON.parse(body.string) as { errors?: { extensions: { code: string } }[] };
      const { fields, mostInATurn, work } = count;
      const code = errors?.[0]?.extensions.code ?? null;
      return { code, fields, mostInATurn, counted: work?.fields ?? 0, length: body.string.length };
    },
  };
}

/** Puts a counter before every field of the types that the SDL defines. */
function countFields(schema: GraphQLSchema, resolved: (context: GraphContext) => void): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || isIntrospectionType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const { name, resolve } = field;
      field.resolve = (source, args, context: GraphContext, info): unknown => {
        resolved(context);
        return resolve ? resolve(source, args, context, info) : (source as Readonly<Record<string, unknown>>)[name];
      };
    }
  }
}

const LEG = { deviceType: 2, deviceNo: '2001', callerNo: '13800000123', calleeNo: '95588', mediaType: 5 };
const tracesByLegs = new Map<number, CallTrace>();

function traceOf(key: TraceKey): CallTrace {
  const legs = Number(key.callId.split('-')[1]);
  const known = tracesByLegs.get(legs) ?? createTrace(Array.from({ length: legs }, (_, n) => legAt(n)));
  tracesByLegs.set(legs, known);
  return { ...known, key };
}

function legAt(index: number) {
  const beganAt = BEGAN_AT + index * 1000;
  return createRecord({ ...LEG, callIdNum: index + 1, waitBegin: beganAt, callBegin: beganAt, callEnd: beganAt + 900 });
}
