import type { ApolloServerPlugin } from '@apollo/server';
import { getOperationAST, GraphQLError, parse, validate, type GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { GraphContext } from './context.js';
import { sha256 } from './persisted-queries.js';

/** A trusted document: one that clients were built with. */
export interface ManifestEntry {
  /** The ID that clients send. */
  readonly id: string;
  readonly text: string;
}

/** The documents of a manifest. */
export interface TrustedDocuments {
  /** Whether other documents are refused. */
  readonly enforced: boolean;
  /** The text of a document by its ID in the manifest or by its SHA-256, either with or without `sha256:`; undefined if there is none. */
  textOf(id: string): string | undefined;
  /** Whether exactly this text is a trusted document. */
  has(text: string): boolean;
}

/** Returns the trusted documents of a manifest. */
export function createTrustedDocuments(manifest: readonly ManifestEntry[], enforced: boolean): TrustedDocuments {
  const texts = new Set(manifest.map(({ text }) => text));
  const byId = new Map([
    ...manifest.map(({ text }) => [sha256(text), text] as const),
    ...manifest.map(({ id, text }) => [id, text] as const),
  ]);
  return {
    enforced,
    textOf: (id) => byId.get(id) ?? byId.get(id.replace(/^sha256:/, '')),
    has: (text) => texts.has(text),
  };
}

/** Returns the problems of a manifest, as sentences that name the operation: invalid documents, duplicate IDs. */
export function manifestProblems(manifest: readonly ManifestEntry[], schema: GraphQLSchema): string[] {
  const byId = new Map(manifest.map(({ id, text }) => [id, text]));
  return manifest.flatMap(({ id, text }) => {
    const { name, problem } = judge(text, schema);
    const doubled = byId.get(id) === text ? null : 'its ID stands for another document, too';
    return [problem, doubled].flatMap((sentence) =>
      sentence === null ? [] : [`the document ${name ?? 'without a name'} (${id}): ${sentence}`],
    );
  });
}

function judge(text: string, schema: GraphQLSchema): { name: string | undefined; problem: string | null } {
  try {
    const document = parse(text);
    const name = getOperationAST(document)?.name?.value;
    return { name, problem: validate(schema, document)[0]?.message ?? null };
  } catch (error) {
    return { name: undefined, problem: (error as Error).message };
  }
}

/** Most untrusted documents that are logged. */
const MAX_LOGGED = 1_000;

/** Returns the plugin that logs each untrusted document that runs, once. */
export function createUnknownDocumentsPlugin(trusted: TrustedDocuments, log: Logger): ApolloServerPlugin<GraphContext> {
  const logged = new Set<string>();
  return {
    requestDidStart: () =>
      Promise.resolve({
        didResolveOperation: ({ source, queryHash, operationName }) => {
          if (!trusted.has(source) && !logged.has(queryHash) && logged.size < MAX_LOGGED) {
            logged.add(queryHash);
            log.warn({ operation: operationName, sha256: queryHash }, 'a document that is not in the manifest was run');
          }
          return Promise.resolve();
        },
      }),
  };
}

/** The document is refused because it is not in the manifest: HTTP 400, `DOCUMENT_NOT_TRUSTED`. */
export function createNotTrustedError(): GraphQLError {
  return new GraphQLError(
    'This gateway runs only the documents of its manifest, and this is none of them: ask by the `documentId` of one, or with its exact text.',
    { extensions: { code: 'DOCUMENT_NOT_TRUSTED', http: { status: 400 } } },
  );
}
