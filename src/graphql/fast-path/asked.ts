import type { Variables } from './requests.js';

/** What a request asks for, as it says it. */
export interface Asked {
  /** The document, or its hash. */
  readonly text: string;
  readonly isHash: boolean;
  readonly variables: Variables;
  readonly operationName: string | undefined;
}

/** What a request asks for, if it says it in the usual form. */
export function askedIn(body: unknown): Asked | null {
  if (!isRecord(body)) return null;
  const { query, variables, operationName, extensions, documentId } = body;
  if (documentId !== undefined || !isRecord(variables ?? NONE) || !isRecord(extensions ?? NONE)) return null;
  if (operationName !== undefined && operationName !== null && typeof operationName !== 'string') return null;
  const persisted = isRecord(extensions) ? extensions['persistedQuery'] : undefined;
  const isHash = persisted !== undefined;
  const text = !isHash ? query : query === undefined ? hashIn(persisted) : undefined;
  if (typeof text !== 'string') return null;
  return { text, isHash, variables: (variables ?? NONE) as Variables, operationName: operationName ?? undefined };
}

const NONE: Variables = {};

function hashIn(persisted: unknown): unknown {
  return isRecord(persisted) && persisted['version'] === 1 ? persisted['sha256Hash'] : undefined;
}

function isRecord(value: unknown): value is Variables {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
