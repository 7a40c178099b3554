import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse, type GraphQLSchema } from 'graphql';
import { createResolvers, type ResolverOptions } from './resolvers.js';

const FILES = ['call.graphql', 'codes.graphql'];

/** Returns the executable graph: the SDL of schema/ with its resolvers, and a federation subgraph. */
export function createSchema(options: ResolverOptions): GraphQLSchema {
  const folder = new URL('../../schema/', import.meta.url);
  const sdl = FILES.map((file) => readFileSync(new URL(file, folder), 'utf8')).join('\n');
  return buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: createResolvers(options) as never }]);
}
