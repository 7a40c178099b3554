// A list page and a detail page with urql and its normalised cache.
// Needs Node 20 or newer, and the packages @urql/core, @urql/exchange-graphcache and graphql.
// Usage: [API_KEY=…] node examples/clients/urql.mjs [URL of the graph]
import { readFileSync } from 'node:fs';
import { buildSchema, introspectionFromSchema } from 'graphql';
import { cacheExchange } from '@urql/exchange-graphcache';
import { Client, fetchExchange, gql } from '@urql/core';

const url = process.argv[2] ?? 'http://localhost:4000/graphql';
// Without one: the demo's key, which opens nothing else.
const key = process.env.API_KEY ?? 'ctg_demo-dashboard-which-sees-masked-numbers-01';

// With the schema, graphcache knows which types a fragment fits; without it, it guesses and warns. A page takes it as JSON
// from its build. The typed client's package has the same file.
const sdl = readFileSync(new URL('../../client/schema.graphql', import.meta.url), 'utf8');
const schema = introspectionFromSchema(buildSchema(sdl), { descriptions: false });

const cache = cacheExchange({
  schema,
  // Calls and legs have an id. Other objects have none: they lie in the object that holds them.
  keys: { CallFreshness: () => null, CallNotFound: () => null, CallProblem: () => null },
  resolvers: {
    // A call that a list has brought opens without a request, if the list asked for the same fields.
    Query: { node: (_, { id }) => ({ __typename: 'Call', id }) },
  },
});

const client = new Client({
  url,
  exchanges: [cache, fetchExchange],
  fetchOptions: { headers: { 'x-api-key': key } },
  preferGetMethod: false,
});

const CALL_FIELDS = gql`
  fragment CallFields on Call {
    id
    callId
    complete
    endedBy
    legs {
      id
      deviceType
    }
    freshness {
      final
      freshUntil
    }
  }
`;
const LIST = gql`
  query CallList($keys: [CallKeyInput!]!) {
    callResults(keys: $keys) {
      __typename
      ... on Call {
        ...CallFields
      }
      ... on CallNotFound {
        callId
      }
      ... on CallProblem {
        callId
        code
        message
      }
    }
  }
  ${CALL_FIELDS}
`;
const DETAIL = gql`
  query CallDetail($id: ID!) {
    node(id: $id) {
      ... on Call {
        ...CallFields
      }
    }
  }
  ${CALL_FIELDS}
`;
const ONE_CALL = gql`
  query OneCall($vdn: Int!, $callId: ID!) {
    call(vdn: $vdn, callId: $callId) {
      ...CallFields
    }
  }
  ${CALL_FIELDS}
`;

const keys = ['1700000000-2', '1700000000-10', '1700000000-404', 'ticket-7'].map((callId) => ({ vdn: 170, callId }));
const { data, error } = await client.query(LIST, { keys });
if (error) throw error;
for (const result of data.callResults) console.log(`${result.callId}: ${storyOf(result)}`);

const [first] = data.callResults;
const detail = await client.query(DETAIL, { id: first.id });
console.log(`from the cache: ${detail.data.node.callId}, ended by ${detail.data.node.endedBy}`);

// A failed call: its data is null, and the error has the code.
const failed = await client.query(ONE_CALL, { vdn: 170, callId: 'ticket-7' });
for (const { extensions } of failed.error?.graphQLErrors ?? []) console.log(`code: ${extensions.code}`);

/** What a page shows of one result. */
function storyOf(result) {
  if (result.__typename === 'CallNotFound') return 'not found';
  if (result.__typename === 'CallProblem') return `${result.code}: ${result.message}`;
  const devices = result.legs.map((leg) => leg.deviceType).join(' > ');
  return `${devices}, ${result.complete ? `ended by ${result.endedBy}` : 'in progress'}`;
}
