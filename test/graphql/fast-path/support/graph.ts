import { createCodeTables } from '../../../../src/call/codes/codes.js';
import { createCallFields } from '../../../../src/graphql/call-fields.js';
import type { PlanScope } from '../../../../src/graphql/fast-path/plan.js';
import { createNumberHash } from '../../../../src/graphql/numbers.js';
import { createSchema, type SchemaOptions } from '../../../../src/graphql/schema.js';
import { ASKED_AT, lifeByDefault } from '../../../support/traces.js';
import { UNDERSTANDING } from '../../../support/understanding.js';

/** The graph without a gateway around it, five seconds after the traces of the builders were asked for. */
export const GRAPH: SchemaOptions = {
  keyRules: { defaultCcId: 1, timeZoneOf: () => 'UTC', now: () => ASKED_AT + 5_000 },
  codes: createCodeTables(),
  lifeOf: lifeByDefault,
  forget: () => Promise.resolve(null),
  hashNumber: createNumberHash('a key of these tests, long enough'),
  maskKeepDigits: 4,
  ...UNDERSTANDING,
};

/** Its schema as the standard path executes it. */
export const SCHEMA = createSchema(GRAPH);

/** What plans are compiled against. */
export const SCOPE: PlanScope = { schema: createSchema(GRAPH), ...createCallFields(GRAPH), maskKeepDigits: 4 };
