/** Hive Gateway over the supergraph in the file `SUPERGRAPH`. Prints where it listens. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { PASSED_ON } from './headers.mjs';

const gateway = createGatewayRuntime({
  supergraph: readFileSync(process.env.SUPERGRAPH, 'utf8'),
  propagateHeaders: {
    fromClientToSubgraphs: ({ request }) =>
      Object.fromEntries(PASSED_ON.map((name) => [name, request.headers.get(name)])),
  },
});

const server = createServer(gateway);
server.listen(0, '127.0.0.1', () => console.log(`Hive Gateway listens on http://127.0.0.1:${server.address().port}`));
