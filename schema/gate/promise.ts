import { buildASTSchema, parse, type GraphQLSchema } from 'graphql';
import type { Sdl } from '../../src/graphql/sdl.js';

/** The line of a promise below which stands what direct clients alone have. */
const DIRECT_LINE = '# ── For direct clients alone; routers do not get what follows. ──';

/** What readers of one kind are served. */
export interface Served {
  /** For whom: all of it for direct clients, less for routers. */
  readonly readers: 'clients' | 'routers';
  readonly schema: GraphQLSchema;
}

/** Returns the text of `schema/released.graphql` for what is served. */
export function printPromise({ direct, subgraph }: Sdl): string {
  return [
    '# What the last release served, and so promised. Written by `npm run schema:release`; edited by nobody.\n',
    `${subgraph.trim()}\n`,
    `${DIRECT_LINE}\n`,
    `${direct.slice(subgraph.length).trim()}\n`,
  ].join('\n');
}

/** Returns what a promise serves: to direct clients, and to routers. Throws GraphQLError if it is not GraphQL. */
export function readPromise(text: string): readonly Served[] {
  return [
    { readers: 'clients', schema: schemaOf(text) },
    { readers: 'routers', schema: schemaOf(text.split(DIRECT_LINE)[0] ?? '') },
  ];
}

/** Federation's directives are not defined in the SDL, and are no matter for a comparison: they are compared as texts. */
function schemaOf(text: string): GraphQLSchema {
  return buildASTSchema(parse(text), { assumeValidSDL: true });
}
