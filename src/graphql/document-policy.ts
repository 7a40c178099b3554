import type { HTTPGraphQLRequest } from '@apollo/server';
import { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import { documentProblems } from './limits/document.js';
import { createLimitError, type Limits } from './limits/limits.js';
import { sha256 } from './persisted-queries.js';
import { createNotTrustedError, type TrustedDocuments } from './trusted-documents.js';

/** Checks the document of a request before Apollo Server parses it. */
export interface DocumentPolicy {
  check(request: HTTPGraphQLRequest): CheckedRequest;
  /** Whether a document is within the limits. */
  readonly isWithinLimits: (text: string) => boolean;
}

/** A request with a checked document. */
export interface CheckedRequest {
  /** The request to execute; it has the text of a document that was named by its ID in the manifest. */
  readonly httpGraphQLRequest: HTTPGraphQLRequest;
  /** Why the document must not run; null if it may. */
  readonly refusal: GraphQLError | null;
}

/** Size of the cache of documents that are within the limits. Unit: bytes. */
const MEMORY_BYTES = 4 * 1024 * 1024;

/**
 * Returns the policy. Without `trusted`, every document within the limits may run. Apollo Server reports all other errors of
 * a request.
 */
export function createDocumentPolicy(limits: Limits, trusted: TrustedDocuments | undefined): DocumentPolicy {
  const withinLimits = new LRUCache<string, true>({
    maxSize: MEMORY_BYTES,
    sizeCalculation: (_, text) => text.length + 64,
  });
  return {
    check(request) {
      const reference = referenceIn(request);
      const text = reference.text ?? (reference.id === undefined ? undefined : trusted?.textOf(reference.id));
      return text !== undefined && trusted?.has(text)
        ? { httpGraphQLRequest: withText(request, text), refusal: null }
        : { httpGraphQLRequest: request, refusal: refusalOf(reference) };
    },
    isWithinLimits: (text) => problemOf(text) === null,
  };

  function refusalOf(reference: DocumentReference): GraphQLError | null {
    if (trusted?.enforced && (reference.text ?? reference.id) !== undefined) return createNotTrustedError();
    const mistake = persistedQueryMistake(reference);
    if (mistake !== null) return createBadRequest(mistake);
    const problem = reference.text === undefined ? null : problemOf(reference.text);
    return problem === null ? null : createLimitError(problem);
  }

  function problemOf(text: string): string | null {
    if (withinLimits.has(text)) return null;
    const problems = documentProblems(text, limits);
    if (problems.length > 0) return problems.join(' ');
    withinLimits.set(text, true);
    return null;
  }
}

/** How a request names its document; a value of a wrong type counts as absent. */
interface DocumentReference {
  readonly text: string | undefined;
  /** The document's ID, in any of its forms. */
  readonly id: string | undefined;
  /** `extensions.persistedQuery` as it was sent. */
  readonly persistedQuery: unknown;
}

function referenceIn({ method, body, search }: HTTPGraphQLRequest): DocumentReference {
  if (method === 'GET') {
    const parameters = new URLSearchParams(search);
    const [text, documentId, extensions] = ['query', 'documentId', 'extensions'].map((name) => parameters.get(name));
    return referenceOf(text, documentId, parsed(extensions));
  }
  return isRecord(body)
    ? referenceOf(body['query'], body['documentId'], body['extensions'])
    : referenceOf(null, null, null);
}

function referenceOf(query: unknown, documentId: unknown, extensions: unknown): DocumentReference {
  const persistedQuery = isRecord(extensions) ? extensions['persistedQuery'] : undefined;
  const hash = isRecord(persistedQuery) ? persistedQuery['sha256Hash'] : undefined;
  return { text: textOrNone(query), id: textOrNone(documentId) ?? textOrNone(hash), persistedQuery };
}

/** Client errors that the GraphQL server would report as its own. */
function persistedQueryMistake({ text, persistedQuery }: DocumentReference): string | null {
  if (!persistedQuery) return null;
  const { version, sha256Hash } = isRecord(persistedQuery) ? persistedQuery : {};
  if (version !== 1 || typeof sha256Hash !== 'string' || !/^[0-9a-f]{64}$/.test(sha256Hash))
    return '`extensions.persistedQuery` must hold version 1 and a sha256Hash of 64 hex digits in lower case.';
  return text === undefined || sha256Hash === sha256(text)
    ? null
    : '`extensions.persistedQuery.sha256Hash` is not the SHA-256 of `query`.';
}

function createBadRequest(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status: 400 } } });
}

/** Returns the request with the text only: the server would look a hash up among the documents of other clients. */
function withText(request: HTTPGraphQLRequest, query: string): HTTPGraphQLRequest {
  if (request.method === 'GET') {
    const parameters = new URLSearchParams(request.search);
    parameters.set('query', query);
    const extensions = parsed(parameters.get('extensions'));
    if (isRecord(extensions)) parameters.set('extensions', JSON.stringify(withoutPersistedQuery(extensions)));
    return { ...request, search: `?${parameters.toString()}` };
  }
  const body = request.body as Readonly<Record<string, unknown>>;
  const { extensions } = body;
  return {
    ...request,
    body: { ...body, query, ...(isRecord(extensions) ? { extensions: withoutPersistedQuery(extensions) } : {}) },
  };
}

function withoutPersistedQuery(extensions: Readonly<Record<string, unknown>>): object {
  return { ...extensions, persistedQuery: undefined };
}

function parsed(json: string | null | undefined): unknown {
  try {
    return JSON.parse(json ?? 'null');
  } catch {
    return null;
  }
}

function textOrNone(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
