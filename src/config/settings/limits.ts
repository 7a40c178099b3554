import * as z from 'zod';
import { integer } from '../setting-values.js';

/** Settings of the limits of one request, and of trusted documents. */
export const LIMITS = {
  LIMIT_DOCUMENT_KIB: integer(1, 65_536, 'KiB').default(64).describe('Longest document, comments included.'),
  LIMIT_TOKENS: integer(1, 100_000)
    .default(2_500)
    .describe('Most tokens of a document: names, numbers, texts, punctuation.'),
  LIMIT_DEPTH: integer(1, 100)
    .default(20)
    .describe('How deep fields may lie, fragments included, and brackets may nest.'),
  LIMIT_ALIASES: integer(0, 10_000).default(50).describe('Most aliases of a document.'),
  LIMIT_DIRECTIVES: integer(0, 10_000).default(50).describe('Most directives of a document.'),
  LIMIT_FRAGMENTS: integer(0, 100).default(30).describe('Most fragments of a document.'),
  LIMIT_ROOT_FIELDS: integer(1, 10_000).default(50).describe('Most fields at the root of an operation.'),
  LIMIT_REPETITIONS: integer(1, 10_000)
    .default(60)
    .describe('Most fields of one name that have arguments or fields below them: validation takes the square of that.'),
  LIMIT_VARIABLES_KIB: integer(1, 65_536, 'KiB').default(128).describe('All variables together, as JSON.'),
  LIMIT_VARIABLES_DEPTH: integer(0, 100).default(8).describe('How deep lists and objects may nest in a variable.'),
  LIMIT_FIELDS: integer(1, 10_000_000)
    .default(50_000)
    .describe('Most fields of an answer. Those of every call and leg count, under other names too.'),
  LIMIT_COST: integer(1, 1_000_000)
    .default(1_050)
    .describe(
      'What an operation may cost, in points: 1 for each call asked for, 5 with `refresh`, and 1 more for each 500 fields of the answer.',
    ),
  TRUSTED_DOCUMENTS: z
    .enum(['off', 'log', 'enforce'])
    .default('off')
    .describe(
      'Documents that are not in the manifest: `off` runs them, `log` runs them and logs each once, `enforce` refuses them.',
    ),
  TRUSTED_DOCUMENTS_FILE: z
    .string()
    .optional()
    .describe(
      'The manifest (JSON): of `generate-persisted-query-manifest`, or the persisted documents of graphql-codegen.',
    ),
};
