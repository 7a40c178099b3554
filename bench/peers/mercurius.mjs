/** mercurius with graphql-jit from the first time a document is seen, and calls in an LRU of this process. */
import Fastify from 'fastify';
import mercurius from 'mercurius';
import { createFetchingLru } from './calls.mjs';
import { RESOLVERS, TYPE_DEFS } from './graph.mjs';

const app = Fastify();
const context = { load: createFetchingLru() };
await app.register(mercurius, {
  schema: TYPE_DEFS,
  resolvers: RESOLVERS,
  jit: 1,
  graphiql: false,
  context: () => context,
});
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
