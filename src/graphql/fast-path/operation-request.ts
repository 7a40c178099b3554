import type { IncomingMessage } from 'node:http';
import type { Variables } from './declarations.js';

/** A request in any form of GraphQL over HTTP that needs no interpretation. */
export interface OperationRequest {
  readonly query: string | undefined;
  /** The ID of a document in the manifest. */
  readonly documentId: string | undefined;
  /** The SHA-256 of a persisted document. */
  readonly hash: string | undefined;
  readonly variables: Variables;
  readonly operationName: string | undefined;
}

/**
 * Returns the operation of a request: of a GET from its URL, otherwise from its body (as JSON). Null if the form is unusual:
 * the standard path then handles it.
 */
export function readOperation(
  request: Pick<IncomingMessage, 'method' | 'url' | 'headers'>,
  body: unknown,
): OperationRequest | null {
  if (request.method !== 'GET') return fromParameters(body);
  if (!isPreflighted(request.headers)) return null;
  const parameters = parametersOf(request.url ?? '');
  return parameters && fromParameters(parameters);
}

const NONE: Variables = {};

function fromParameters(parameters: unknown): OperationRequest | null {
  if (!isRecord(parameters)) return null;
  const { query, variables, operationName, extensions, documentId } = parameters;
  if (!isRecord(variables ?? NONE) || !isRecord(extensions ?? NONE)) return null;
  const persisted = isRecord(extensions) ? extensions['persistedQuery'] : undefined;
  const hash = persisted === undefined ? undefined : hashIn(persisted);
  if (hash === null || !isTextOrAbsent(query) || !isTextOrAbsent(documentId)) return null;
  if (!isTextOrAbsent(operationName ?? undefined)) return null;
  return {
    query,
    documentId,
    hash,
    variables: (variables ?? NONE) as Variables,
    operationName: (operationName ?? undefined) as string | undefined,
  };
}

function hashIn(persisted: unknown): string | null {
  if (!isRecord(persisted) || persisted['version'] !== 1) return null;
  const hash = persisted['sha256Hash'];
  return typeof hash === 'string' ? hash : null;
}

/** Whether a browser would preflight such a GET: Apollo Server's rule against CSRF, more strictly. */
function isPreflighted(headers: IncomingMessage['headers']): boolean {
  const type = headers['content-type'];
  if (type !== undefined) return type === 'application/json';
  return Boolean(headers['apollo-require-preflight']) || Boolean(headers['x-apollo-operation-name']);
}

const TEXTS = ['query', 'operationName', 'documentId'] as const;
const OBJECTS = ['variables', 'extensions'] as const;

/** Returns the parameters of a URL; null if one is repeated, or is not JSON where it must be. */
function parametersOf(url: string): Variables | null {
  const mark = url.indexOf('?');
  if (mark < 0) return null;
  const search = new URLSearchParams(url.slice(mark));
  const parameters: Record<string, unknown> = {};
  for (const name of TEXTS) {
    const [value, ...others] = search.getAll(name);
    if (others.length > 0) return null;
    if (value !== undefined) parameters[name] = value;
  }
  for (const name of OBJECTS) {
    const [json, ...others] = search.getAll(name);
    if (others.length > 0) return null;
    if (json === undefined) continue;
    const value = parsed(json);
    if (!isRecord(value)) return null;
    parameters[name] = value;
  }
  return parameters;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function isTextOrAbsent(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string';
}

function isRecord(value: unknown): value is Variables {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
