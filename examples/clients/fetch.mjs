// How several calls went, one line each. Needs Node 20 or newer, and no packages.
// Usage: [API_KEY=…] node examples/clients/fetch.mjs [URL of the graph]
const url = process.argv[2] ?? 'http://localhost:4000/graphql';
// Without one: the demo's key, which opens nothing else.
const key = process.env.API_KEY ?? 'ctg_demo-dashboard-which-sees-masked-numbers-01';

const query = `
  query ($keys: [CallKeyInput!]!) {
    calls(keys: $keys) {
      endedBy
      durationMs
      legs { deviceType }
    }
  }`;
const keys = ['1700000000-2', '1700000000-3', '1700000000-404'].map((callId) => ({ vdn: 170, callId }));

const response = await fetch(url, {
  method: 'POST',
  headers: { 'content-type': 'application/json', 'x-api-key': key },
  body: JSON.stringify({ query, variables: { keys } }),
}).catch(({ cause }) => {
  console.error(`nothing answers at ${url} (${cause?.code ?? 'no connection'}); start it with: npm run demo`);
  process.exit(1);
});
const { data, errors = [] } = await response.json();

// One call may fail while the others are answered: its error says where (`path`) and whether to ask again.
for (const { message, path = [], extensions } of errors) {
  console.error(`${path.join('.')} ${extensions.code}${extensions.retryable ? ' (try again)' : ''}: ${message}`);
}
data?.calls?.forEach((call, index) => {
  const failed = errors.some(({ path = [] }) => path[1] === index);
  const story = call
    ? `${call.legs.map((leg) => leg.deviceType).join(' > ')}, ${call.durationMs / 1000} s, ended by ${call.endedBy}`
    : failed
      ? 'failed'
      : 'not found';
  console.log(`${keys[index].callId}: ${story}`);
});
process.exitCode = errors.length > 0 ? 1 : 0;
