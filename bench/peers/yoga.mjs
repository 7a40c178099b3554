/** graphql-yoga with its response cache in memory, and a DataLoader for each request behind it. */
import { createServer } from 'node:http';
import { useResponseCache } from '@graphql-yoga/plugin-response-cache';
import { createSchema, createYoga } from 'graphql-yoga';
import { createLoader, fetchCalls } from './calls.mjs';
import { RESOLVERS, TYPE_DEFS } from './graph.mjs';

const yoga = createYoga({
  schema: createSchema({ typeDefs: TYPE_DEFS, resolvers: RESOLVERS }),
  context: () => ({ load: createLoader(fetchCalls) }),
  graphiql: false,
  landingPage: false,
  plugins: [useResponseCache({ session: () => null, ttl: 3_600_000 })],
});
createServer(yoga).listen(Number(process.env.PORT), '127.0.0.1');
