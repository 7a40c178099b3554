import { createCodeTables } from '../../../../src/call/codes/codes.js';
import { createNumberHash } from '../../../../src/graphql/numbers.js';
import { createSchema } from '../../../../src/graphql/schema.js';
import { FETCHED_AT } from '../../../support/traces.js';

/** The graph without a gateway around it, five seconds after the traces of the builders were fetched. */
export const SCHEMA = createSchema({
  keyRules: { defaultCcId: 1, timeZoneOf: () => 'UTC', now: () => FETCHED_AT + 5_000 },
  codes: createCodeTables(),
  maxKeys: 200,
  forget: () => Promise.resolve(true),
  hashNumber: createNumberHash('a key of these tests, long enough'),
  maskKeepDigits: 4,
});
