import * as z from 'zod';
import type { CodeMeanings } from '../call/codes/codes.js';

const TABLE_NAMES = [
  'mediaType',
  'subMediaType',
  'deviceType',
  'callType',
  'enterReason',
  'leaveReason',
  'releaseCause',
  'resultCode',
] as const;
const WORDS = z.string().min(1);
/** English alone, or with Chinese. */
const MEANING = z.union([WORDS, z.strictObject({ en: WORDS, zh: WORDS.optional() })]);
const MEANINGS = z.strictObject(
  Object.fromEntries(TABLE_NAMES.map((name) => [name, z.record(z.string().regex(/^\d{1,9}$/), MEANING).optional()])),
);

/** Returns the operator's meanings in the text of a file; adds a problem if the text is invalid. */
export function parseMeanings(text: string | undefined, problems: string[]): CodeMeanings {
  if (text === undefined) return {};
  try {
    return MEANINGS.parse(JSON.parse(text));
  } catch {
    problems.push(
      `CODES_FILE must hold JSON such as {"releaseCause": {"9001": "Bridge closed for the night"}}; its tables are ${TABLE_NAMES.join(', ')}`,
    );
    return {};
  }
}

/** The format of @apollo/generate-persisted-query-manifest; names and types are in the documents too, so they are not read. */
const APOLLO_MANIFEST = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(z.object({ id: z.string().min(1), body: z.string().min(1) })).min(1),
});
/** The format of graphql-codegen: `persistedDocuments` of its client preset. */
const CODEGEN_MANIFEST = z
  .record(z.string().min(1), z.string().min(1))
  .refine((documents) => Object.keys(documents).length > 0);

/** Returns the documents of a manifest, in either format; adds a problem if there are none. */
export function parseManifest(text: string | undefined, problems: string[]): { id: string; text: string }[] {
  if (text === undefined) return [];
  try {
    const json: unknown = JSON.parse(text);
    const apollo = APOLLO_MANIFEST.safeParse(json);
    return apollo.success
      ? apollo.data.operations.map(({ id, body }) => ({ id, text: body }))
      : Object.entries(CODEGEN_MANIFEST.parse(json)).map(([id, body]) => ({ id, text: body }));
  } catch {
    problems.push(
      'TRUSTED_DOCUMENTS_FILE must hold at least one document, as JSON: {"format": "apollo-persisted-query-manifest", "version": 1, "operations": [{"id", "name", "type", "body"}]} or {"<hash>": "<document>"}',
    );
    return [];
  }
}
