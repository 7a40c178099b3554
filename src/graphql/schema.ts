import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse, type GraphQLSchema } from 'graphql';
import { maskPersonal } from './personal.js';
import { checkReferences } from './references.js';
import { createResolvers, type ResolverOptions } from './resolvers.js';

export interface SchemaOptions extends ResolverOptions {
  /** How many characters of a phone number a mask leaves, at its end. */
  readonly maskKeepDigits: number;
}

const FILES = ['call.graphql', 'codes.graphql'];

/** Returns the executable graph: the SDL of schema/ with its resolvers, and a federation subgraph. */
export function createSchema(options: SchemaOptions): GraphQLSchema {
  const folder = new URL('../../schema/', import.meta.url);
  const sdl = FILES.map((file) => readFileSync(new URL(file, folder), 'utf8')).join('\n');
  const schema = buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: createResolvers(options) as never }]);
  checkReferences(schema);
  maskPersonal(schema, options.maskKeepDigits);
  return schema;
}
