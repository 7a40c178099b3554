import { createCodeTables } from '../../../../src/call/codes/codes.js';
import { createNumberHash } from '../../../../src/graphql/numbers.js';
import { createSchema } from '../../../../src/graphql/schema.js';
import { ASKED_AT, lifeByDefault } from '../../../support/traces.js';

/** The graph without a gateway around it, five seconds after the traces of the builders were asked for. */
export const SCHEMA = createSchema({
  keyRules: { defaultCcId: 1, timeZoneOf: () => 'UTC', now: () => ASKED_AT + 5_000 },
  codes: createCodeTables(),
  maxKeys: 200,
  lifeOf: lifeByDefault,
  forget: () => Promise.resolve(null),
  hashNumber: createNumberHash('a key of these tests, long enough'),
  maskKeepDigits: 4,
});
