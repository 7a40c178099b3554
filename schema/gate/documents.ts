import { readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  Kind,
  NoDeprecatedCustomRule,
  NoUnusedFragmentsRule,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';
import { parseManifest } from '../../src/config/file-settings.js';

/** A document that a client asks with. */
export interface KnownDocument {
  /** The file it stands in, with its ID if that holds several. */
  readonly name: string;
  readonly text: string;
}

/** Where the documents of this repository lie. */
const FOLDERS = ['examples', 'viewer/documents', 'client', 'estate'];
const EXECUTABLE: ReadonlySet<string> = new Set([Kind.OPERATION_DEFINITION, Kind.FRAGMENT_DEFINITION]);
/** A document may come with fragments that another of its folder uses. */
const RULES = specifiedRules.filter((rule) => rule !== NoUnusedFragmentsRule);
const BUILT = /(?:^|\/)(?:node_modules|dist)\//;

/**
 * Returns the documents of the repository: files `*.graphql` without type definitions. Files of one folder share those that
 * hold nothing but fragments.
 */
export function readKnownDocuments(root: URL): KnownDocument[] {
  return FOLDERS.flatMap((folder) =>
    filesBelow(new URL(`${folder}/`, root))
      .filter((path) => path.endsWith('.graphql') && !BUILT.test(path))
      .map((path) => `${folder}/${path}`),
  )
    .map((name) => ({ name, text: readFileSync(new URL(name, root), 'utf8') }))
    .filter(({ name, text }) => parseNamed(name, text).definitions.every(({ kind }) => EXECUTABLE.has(kind)))
    .map(({ name, text }, _, all) => ({
      name,
      text: [
        text,
        ...all.filter((other) => other.name !== name && sharesWith(name, other)).map((other) => other.text),
      ].join('\n'),
    }));
}

/** Returns the document. Throws Error that names it if it is not GraphQL. */
function parseNamed(name: string, text: string): DocumentNode {
  try {
    return parse(text);
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
  }
}

function sharesWith(name: string, other: KnownDocument): boolean {
  return (
    dirname(name) === dirname(other.name) &&
    parse(other.text).definitions.every(({ kind }) => kind === Kind.FRAGMENT_DEFINITION)
  );
}

/** Returns the documents of a manifest, whose form is that of `TRUSTED_DOCUMENTS_FILE`. Throws Error for another form. */
export function readManifest(path: string): KnownDocument[] {
  const problems: string[] = [];
  const entries = parseManifest(readFileSync(path, 'utf8'), problems);
  if (problems.length > 0) throw new Error(`${path}: ${problems.join('; ')}`);
  return entries.map(({ id, text }) => ({ name: `${path} (${id})`, text }));
}

/** Returns a sentence for each mistake that a schema finds in documents, and for each deprecated part that they use. */
export function judgeDocuments(
  schema: GraphQLSchema,
  documents: readonly KnownDocument[],
): { readonly mistakes: string[]; readonly warnings: string[] } {
  const sentences = { mistakes: new Array<string>(), warnings: new Array<string>() };
  for (const { name, text } of documents) {
    const document = parseNamed(name, text);
    for (const { message } of validate(schema, document, RULES)) sentences.mistakes.push(`${name}: ${message}`);
    for (const { message } of validate(schema, document, [NoDeprecatedCustomRule]))
      sentences.warnings.push(`${name}: ${message}`);
  }
  return sentences;
}

function filesBelow(folder: URL): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  } catch {
    return []; // This folder comes with a part that is not built yet.
  }
}
