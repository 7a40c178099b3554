// How several calls went, with graphql-request: no cache, one function call for each request.
// Needs Node 20 or newer, and the packages graphql-request and graphql.
// Usage: [API_KEY=…] node examples/clients/graphql-request.mjs [URL of the graph]
import { ClientError, gql, GraphQLClient } from 'graphql-request';

const url = process.argv[2] ?? 'http://localhost:4000/graphql';
// Without one: the demo's key, which opens nothing else.
const key = process.env.API_KEY ?? 'ctg_demo-dashboard-which-sees-masked-numbers-01';

// With errorPolicy `none`, the default, one failed call makes the request throw and its data is lost.
const client = new GraphQLClient(url, { headers: { 'x-api-key': key }, errorPolicy: 'all' });

const query = gql`
  query CallList($keys: [CallKeyInput!]!) {
    calls(keys: $keys) {
      callId
      complete
      endedBy
      legs {
        deviceType
      }
    }
  }
`;
const keys = ['1700000000-2', '1700000000-10', '1700000000-404', 'ticket-7'].map((callId) => ({ vdn: 170, callId }));
const { data, errors = [] } = await client.rawRequest(query, { keys });

data.calls.forEach((call, index) => {
  // An item is null if its call was not found, and if it failed: then an error stands at its path.
  const failure = errors.find(({ path }) => path?.[1] === index);
  console.log(`${keys[index].callId}: ${storyOf(call, failure)}`);
});

// A request that is refused as a whole throws: wrong key, too many points, a document that does not fit the schema.
try {
  await client.request(query, { keys }, { 'x-api-key': 'ctg_not-a-key' });
} catch (error) {
  if (!(error instanceof ClientError)) throw error;
  console.log(`status ${error.response.status}, code: ${error.response.errors?.[0]?.extensions.code}`);
}

/** What a page shows of one call. */
function storyOf(call, failure) {
  if (failure) return `${failure.extensions.code}: ${failure.message}`;
  if (call === null) return 'not found';
  const devices = call.legs.map((leg) => leg.deviceType).join(' > ');
  return `${devices}, ${call.complete ? `ended by ${call.endedBy}` : 'in progress'}`;
}
