import { existsSync, readFileSync } from 'node:fs';

/** The files for routers and direct clients. */
const FILES = ['call.graphql', 'understanding.graphql', 'dictionary.graphql', 'errors.graphql', 'codes.graphql'];
/** The files for direct clients only. */
const DIRECT_FILES = ['direct.graphql'];

/** Where schema/ lies: beside dist/, into which the build puts this code, or beside src/. */
const FOLDERS = ['../schema/', '../../schema/'];

/** The text of the graph: the files of schema/. */
export interface Sdl {
  /** For direct clients: all of it. */
  readonly direct: string;
  /** For routers, which compose it with other subgraphs. */
  readonly subgraph: string;
}

/** Returns the text of the graph. Throws if there is no folder schema/. */
export function readSdl(): Sdl {
  const read = (files: readonly string[]): string => files.map(readSchemaFile).join('\n');
  return { direct: read([...FILES, ...DIRECT_FILES]), subgraph: read(FILES) };
}

/** Returns the page that explains the graph: HTML. Throws if it is missing in schema/. */
export function readReference(): string {
  return readSchemaFile('reference.html');
}

function readSchemaFile(name: string): string {
  const folder = FOLDERS.map((path) => new URL(path, import.meta.url)).find((url) => existsSync(url));
  if (!folder) throw new Error('the folder schema/ is missing beside dist/');
  return readFileSync(new URL(name, folder), 'utf8');
}
