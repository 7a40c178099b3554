import type { ApolloServerOptions, BaseContext } from '@apollo/server';
import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';

type DocumentStore = NonNullable<ApolloServerOptions<BaseContext>['documentStore']>;

/** Most documents in the store. */
const MAX_DOCUMENTS = 1_000;
/** By the estimate below. Unit: bytes. */
const MAX_BYTES = 24 * 1024 * 1024;
/** Memory per character of a parsed document with short names: measured 45 to 180. Unit: bytes. */
export const PARSED_BYTES_PER_CHARACTER = 150;

/** Returns Apollo Server's store of parsed and validated documents, bounded by number and bytes. */
export function createDocumentStore(): DocumentStore {
  const documents = new LRUCache<string, DocumentNode>({ max: MAX_DOCUMENTS, maxSize: MAX_BYTES });
  return {
    get: (key) => Promise.resolve(documents.get(key)),
    set(key, document) {
      documents.set(key, document, { size: sizeOf(document) });
      return Promise.resolve();
    },
    delete: (key) => Promise.resolve(documents.delete(key)),
  };
}

function sizeOf({ loc }: DocumentNode): number {
  return Math.max(1, (loc?.source.body.length ?? 0) * PARSED_BYTES_PER_CHARACTER);
}
