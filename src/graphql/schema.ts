import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse, type GraphQLSchema } from 'graphql';
import { maskPersonal } from './personal.js';
import { readSdl } from './sdl.js';
import { checkReferences } from './references.js';
import { createResolvers, type ResolverOptions } from './resolvers.js';

export interface SchemaOptions extends ResolverOptions {
  /** How many characters at the end of a phone number stay unmasked. */
  readonly maskKeepDigits: number;
}

/** Returns the executable graph: the SDL of schema/ with its resolvers, and a federation subgraph. */
export function createSchema(options: SchemaOptions): GraphQLSchema {
  const sdl = readSdl();
  const resolvers = createResolvers(options);
  const Query = { ...resolvers.Query, _service: () => ({ sdl: sdl.subgraph }) };
  const schema = buildSubgraphSchema([{ typeDefs: parse(sdl.direct), resolvers: { ...resolvers, Query } }]);
  checkReferences(schema);
  maskPersonal(schema, options.maskKeepDigits);
  return schema;
}
