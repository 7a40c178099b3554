/**
 * Writes schema/reference.html, the reference of the graph, from the SDL, the dictionaries, the function that computes costs,
 * and the operations of examples/, which it runs. Run by `npm run codegen`.
 * With --check it writes nothing and exits 1 if the file is not what it would write.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { buildASTSchema, parse, TypeInfo, visit, visitWithTypeInfo, type GraphQLSchema } from 'graphql';
import { readSdl } from '../src/graphql/sdl.js';
import { runExamples, type Example } from './reference/examples.js';
import { renderReference } from './reference/html.js';
import { typesOf } from './reference/model.js';

const { direct } = readSdl();
const examples = await runExamples(new URL('../examples/', import.meta.url));
const usedIn = usesOf(examples, buildASTSchema(parse(direct), { assumeValidSDL: true }));
const text = renderReference({ types: typesOf(direct), examples, usedIn });
const file = new URL('reference.html', import.meta.url);

if (!process.argv.includes('--check')) {
  writeFileSync(file, text);
} else if (readFileSync(file, 'utf8') !== text) {
  console.error('schema/reference.html is out of date: run `npm run codegen` and commit the result.');
  process.exitCode = 1;
}

/** The names of the examples that ask for a field, by its coordinate. */
function usesOf(all: readonly Example[], schema: GraphQLSchema): Map<string, string[]> {
  const uses = new Map<string, string[]>();
  for (const { name, document } of all) {
    const types = new TypeInfo(schema);
    const Field = (): void => {
      const coordinate = `${types.getParentType()?.name ?? ''}.${types.getFieldDef()?.name ?? ''}`;
      const names = uses.get(coordinate) ?? [];
      if (!names.includes(name)) uses.set(coordinate, [...names, name]);
    };
    visit(parse(document), visitWithTypeInfo(types, { Field }));
  }
  return uses;
}
