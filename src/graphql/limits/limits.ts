import { GraphQLError } from 'graphql';

/** The limits of one request. Every number is the largest allowed value. */
export interface Limits {
  /** Length of a document, comments and all. Unit: bytes, in UTF-8. */
  readonly documentBytes: number;
  /** Tokens of a document: names, numbers, texts and punctuation; comments count for nothing. */
  readonly tokens: number;
  /** How deep fields lie, fragments included; and how deep brackets of any kind nest. */
  readonly depth: number;
  /** Fields with another name, in the whole document. */
  readonly aliases: number;
  /** Fields of one operation at its root, fragments included; what merges into one counts once. */
  readonly rootFields: number;
  /** Fields of one name that have arguments or fields below them: validation compares each of them with each other. */
  readonly repetitions: number;
  /** Fragments that a document defines. */
  readonly fragments: number;
  /** Directives in the whole document. */
  readonly directives: number;
  /** All variables as JSON. Unit: bytes. */
  readonly variablesBytes: number;
  /** How deep lists and objects nest in a variable. */
  readonly variablesDepth: number;
  /** Points of an operation: see `costOf`. */
  readonly cost: number;
  /** Fields of an answer, every field of every object counted, aliases too. */
  readonly fields: number;
}

/** Most keys of one `calls` or `callResults` that are answered; each further one fails at its place. Said in the schema. */
export const MAX_KEYS = 200;
/**
 * Most items of the lists of one operation that fail because they lie beyond a limit, one by one. Each is an error in the
 * answer, some 270 bytes and 60 µs: without a bound, a short request with one list under many names took minutes.
 */
export const MAX_REFUSALS = 1_000;

/** One representation of a list exceeds a limit, and the `allowed` ones before it do not: `OPERATION_TOO_COMPLEX`, at its place. */
export function createReferenceLimitError(
  allowed: number,
  { cost, fields }: Pick<Limits, 'cost' | 'fields'>,
): GraphQLError {
  const message = `Of this list ${allowed} representations are answered: with more the operation would cost more than ${cost}, or have more than ${fields} fields, which is the most taken. Ask for fewer calls or fewer fields at once.`;
  const error = new GraphQLError(message, { extensions: { code: 'OPERATION_TOO_COMPLEX' } });
  error.stack = ''; // as with a TraceError
  return error;
}

/** The request exceeds a limit: HTTP 400, `OPERATION_TOO_COMPLEX`. */
export function createLimitError(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'OPERATION_TOO_COMPLEX', http: { status: 400 } } });
}
