import { ERROR_CODES } from '../call/error-codes.js';
import type { CallTrace } from '../call/trace.js';
import type { Span } from '../tracing/span.js';
import type { TrustedDocuments } from './trusted-documents.js';

/** What the span of an operation says when it is answered. */
export interface AnsweredOperation {
  /** `query` or `mutation`; `none`: it could not be parsed or found. */
  readonly kind: string;
  /** The label of its name; null: the operation is unknown. */
  readonly label: string | null;
  /** As `hashForSpan` returns it. */
  readonly documentHash: string | undefined;
  /** In points. */
  readonly cost: number;
  readonly codes: readonly string[];
  readonly answers: readonly Pick<CallTrace, 'source' | 'stale'>[];
}

/** Codes that are failures of the gateway or of what stands behind it. Other codes are mistakes of the client. */
const OURS = /^(UPSTREAM|INTERNAL)_/;

/** A string, a comment, a number, or four digits in a name: with any of them a document may name a call. */
const MAY_NAME_A_CALL = /["#]|(?<!\w)\d|\d[a-z_]*\d[a-z_]*\d[a-z_]*\d/i;

/**
 * Returns the hash of a document if it may be exported. Undefined: there is no document, or its text may name a call, which
 * could be found by hashing the text with every ID. Trusted documents are written before there is a call.
 */
export function hashForSpan(
  text: string | undefined,
  sha256: string | undefined,
  trusted?: Pick<TrustedDocuments, 'has'>,
): string | undefined {
  if (text === undefined) return undefined;
  return MAY_NAME_A_CALL.test(text) && trusted?.has(text) !== true ? undefined : sha256;
}

/** Describes an answered operation on its span. */
export function describeOperation(span: Span, operation: AnsweredOperation): void {
  const { kind, label, documentHash, cost, codes, answers } = operation;
  const count = (isCounted: (answer: (typeof answers)[number]) => boolean): number => answers.filter(isCounted).length;
  if (kind === 'query' || kind === 'mutation') span.rename(kind);
  span.set({
    'graphql.operation.type': kind,
    'graphql.operation.name': label ?? undefined,
    'calltrace.document.sha256': documentHash,
    'calltrace.cost': cost,
    'calltrace.answers.memory': count(({ source }) => source === 'MEMORY'),
    'calltrace.answers.redis': count(({ source }) => source === 'SHARED_CACHE'),
    'calltrace.answers.upstream': count(({ source }) => source === 'UPSTREAM'),
    'calltrace.answers.stale': count(({ stale }) => stale),
  });
  if (codes.length === 0) return;
  const worst = ERROR_CODES.find((code) => codes.includes(code)) ?? codes[0];
  span.set({ 'calltrace.error.codes': codes, 'error.type': worst });
  if (worst !== undefined && OURS.test(worst)) span.fail(worst);
}
