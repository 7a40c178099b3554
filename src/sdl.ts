import { readFileSync } from 'node:fs';

const FILES = ['call.graphql', 'codes.graphql'];

/**
 * The text of the graph: the files of schema/. They lie beside src/, and beside dist/, into which the build puts this:
 * so it stands at the top of src/.
 */
export function readSdl(): string {
  const folder = new URL('../schema/', import.meta.url);
  return FILES.map((file) => readFileSync(new URL(file, folder), 'utf8')).join('\n');
}
