// A list page and a detail page with Apollo Client 4.
// Needs Node 20 or newer, and the packages @apollo/client, rxjs and graphql.
// Usage: [API_KEY=…] node examples/clients/apollo-client.mjs [URL of the graph]
import { createHash } from 'node:crypto';
import { ApolloClient, CombinedGraphQLErrors, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';

const url = process.argv[2] ?? 'http://localhost:4000/graphql';
// Without one: the demo's key, which opens nothing else.
const key = process.env.API_KEY ?? 'ctg_demo-dashboard-which-sees-masked-numbers-01';

const cache = new InMemoryCache({
  typePolicies: {
    Query: {
      fields: {
        // A call that a list has brought opens without a request, if the list asked for the same fields.
        node: (existing, { args, toReference }) => existing ?? toReference({ __typename: 'Call', id: args.id }),
      },
    },
    Call: {
      fields: {
        legs: { merge: false }, // a later answer replaces the legs of an earlier one
        freshness: { merge: true }, // it has no id: fields of two queries are merged
      },
    },
  },
});

const persistedQueries = new PersistedQueryLink({
  sha256: (text) => createHash('sha256').update(text).digest('hex'), // in a browser: crypto-hash
  useGETForHashedQueries: true,
});
const http = new HttpLink({ uri: url, headers: { 'x-api-key': key, 'apollo-require-preflight': 'true' } });

const client = new ApolloClient({
  link: persistedQueries.concat(http),
  cache,
  // What was answered is shown, beside the errors of what was not.
  defaultOptions: { query: { errorPolicy: 'all' }, watchQuery: { errorPolicy: 'all' } },
});

// Both pages share a fragment, so that the detail page finds its fields in the cache. Ids let the cache merge answers.
const CALL_FIELDS = gql`
  fragment CallFields on Call {
    id
    callId
    complete
    endedBy
    durationMs
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
      ... on Call {
        ...CallFields
      }
      ... on CallNotFound {
        callId
        freshness {
          freshUntil
        }
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
      ...CallFields
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
const { data, error } = await client.query({ query: LIST, variables: { keys } });
if (error) throw error;
for (const result of data.callResults) console.log(`${result.callId}: ${storyOf(result)}`);
console.log(`ask again in ${secondsUntilStale(data.callResults)} s`);

const [first] = data.callResults;
const detail = await client.query({ query: DETAIL, variables: { id: first.id } });
console.log(`from the cache: ${detail.data.node.callId}, ended by ${detail.data.node.endedBy}`);

const failed = await client.query({ query: ONE_CALL, variables: { vdn: 170, callId: 'ticket-7' } });
if (CombinedGraphQLErrors.is(failed.error)) console.log(`code: ${failed.error.errors[0].extensions.code}`);

/** What a page shows of one result. */
function storyOf(result) {
  if (result.__typename === 'CallNotFound') return 'not found';
  if (result.__typename === 'CallProblem') return `${result.code}: ${result.message}`;
  const devices = result.legs.map((leg) => leg.deviceType).join(' > ');
  return `${devices}, ${result.complete ? `ended by ${result.endedBy}` : 'in progress'}`;
}

/** When to poll: once the first answer that may change is no longer fresh. */
function secondsUntilStale(results) {
  const changing = results.filter(({ freshness }) => freshness && freshness.final !== true);
  const next = Math.min(...changing.map(({ freshness }) => Date.parse(freshness.freshUntil)));
  return Math.max(1, Math.ceil((next - Date.now()) / 1000));
}
