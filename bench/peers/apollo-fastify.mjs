/** @apollo/server in fastify: a DataLoader for each request over Redis. */
import { ApolloServer } from '@apollo/server';
import fastifyApollo, { fastifyApolloDrainPlugin } from '@as-integrations/fastify';
import Fastify from 'fastify';
import { createLoader, fetchCalls, withRedis } from './calls.mjs';
import { RESOLVERS, TYPE_DEFS } from './graph.mjs';

const batch = withRedis(fetchCalls);
const app = Fastify();
const apollo = new ApolloServer({
  typeDefs: TYPE_DEFS,
  resolvers: RESOLVERS,
  plugins: [fastifyApolloDrainPlugin(app)],
});
await apollo.start();
await app.register(fastifyApollo(apollo), { context: async () => ({ load: createLoader(batch) }) });
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
