/** Response cache in memory, with room for every answer: the cache of the command line alone holds 1000 entries, three to an answer. */
import { defineConfig } from '@graphql-hive/gateway';
import InMemoryLRUCache from '@graphql-mesh/cache-inmemory-lru';

export const gatewayConfig = defineConfig({
  cache: new InMemoryLRUCache({ max: 100_000 }),
  responseCaching: { session: () => null, ttl: 3_600_000 },
  graphiql: false,
  landingPage: false,
});
