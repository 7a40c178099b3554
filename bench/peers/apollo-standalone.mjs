/** @apollo/server standalone: a DataLoader for each request over an LRU of this process (`LRU=off`: none) over Redis. */
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { createLoader, fetchCalls, withLru, withRedis } from './calls.mjs';
import { RESOLVERS, TYPE_DEFS } from './graph.mjs';

const inRedis = withRedis(fetchCalls);
const batch = process.env.LRU === 'off' ? inRedis : withLru(inRedis);
const server = new ApolloServer({ typeDefs: TYPE_DEFS, resolvers: RESOLVERS });
await startStandaloneServer(server, {
  context: async () => ({ load: createLoader(batch) }),
  listen: { port: Number(process.env.PORT), host: '127.0.0.1' },
});
