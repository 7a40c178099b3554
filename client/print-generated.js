/**
 * Plugin of graphql-codegen: prints what of client/ is made from client/documents/ and schema/. `config.print` chooses
 * what: `documents` (constants in TypeScript), `manifest` (for TRUSTED_DOCUMENTS_FILE) or `schema` (for those who write
 * documents of their own). Used by codegen.yml. The preset `client` is not used: its documents need a package of types,
 * stay in a bundle that does not use them, and differ in text from its manifest, which gateways compare to the letter.
 */
import { createHash } from 'node:crypto';
import { Kind, print, printSchema, stripIgnoredCharacters, visit } from 'graphql';

export function plugin(schema, files, { print: what }) {
  if (what === 'schema') return `${printSchema(schema)}\n`;
  const operations = operationsOf(files.flatMap(({ document }) => document.definitions));
  return what === 'manifest' ? manifestOf(operations) : constantsOf(operations, schema.getType('CallErrorCode'));
}

/** Returns name, text and ID of each operation; the text holds the fragments that it uses. */
function operationsOf(definitions) {
  const fragments = new Map();
  for (const it of definitions) if (it.kind === Kind.FRAGMENT_DEFINITION) fragments.set(it.name.value, it);
  const operations = definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  return operations.map((operation) => {
    const used = new Set();
    addFragments(operation, fragments, used);
    const text = stripIgnoredCharacters([operation, ...used].map((it) => print(it)).join('\n'));
    return { name: operation.name.value, text, id: `sha256:${createHash('sha256').update(text).digest('hex')}` };
  });
}

function addFragments(definition, fragments, used) {
  visit(definition, {
    FragmentSpread({ name }) {
      const fragment = fragments.get(name.value);
      if (used.has(fragment)) return;
      used.add(fragment);
      addFragments(fragment, fragments, used);
    },
  });
}

function manifestOf(operations) {
  return `${JSON.stringify(Object.fromEntries(operations.map(({ id, text }) => [id, text])), null, 2)}\n`;
}

function constantsOf(operations, errorCodes) {
  const constants = operations.map(({ name, text, id }) => {
    const constant = `${name[0].toLowerCase()}${name.slice(1)}Document`;
    return [
      `/** The operation \`${name}\`. */`,
      `export const ${constant}: CallTraceDocument<${name}Query, ${name}QueryVariables> = {`,
      `  id: '${id}',`,
      `  text: ${JSON.stringify(text)},`,
      '};',
    ].join('\n');
  });
  const codes = errorCodes.getValues().map(({ name }) => `  '${name}',`);
  const list = [
    '/** The codes of errors that a gateway of this version knows. Later ones may have more. */',
    'export const CALL_ERROR_CODES = [',
    ...codes,
    '] as const;',
  ].join('\n');
  return {
    prepend: ["import type { CallTraceDocument } from './document.js';"],
    content: [...constants, list].join('\n\n'),
  };
}
