// What happened to one call, and how several calls went, with the typed client of this repository: no other packages.
// Needs Node 20 or newer, or a browser, and the package call-trace-client, which `npm pack` makes in client/.
// Usage: [API_KEY=…] node typed-client.mjs [URL of the graph]
import { createCallTraceClient, isCallTraceError } from 'call-trace-client';

const client = createCallTraceClient({
  url: process.argv[2] ?? 'http://localhost:4000/graphql',
  // Without one: the demo's key, which opens nothing else.
  credential: { apiKey: process.env.API_KEY ?? 'ctg_demo-dashboard-which-sees-masked-numbers-01' },
  clientName: 'call-trace-example',
  onRetry: (error, pauseMs) => console.error(`${error.code}: asks again in ${Math.ceil(pauseMs / 1000)} s`),
});

const call = await client.call({ vdn: 170, callId: '1700000000-2' }, { timeZone: 'Asia/Shanghai' });
console.log(call?.narrative.headline ?? 'not found');

// Any number of keys: the client splits them.
const callIds = ['1700000000-2', '1700000000-10', '1700000000-404', 'ticket-7'];
for (const result of await client.calls(callIds.map((callId) => ({ vdn: 170, callId }))))
  console.log(`${result.key.callId}: ${storyOf(result)}`);

try {
  await client.call({ vdn: 170, callId: 'ticket-7' });
} catch (error) {
  if (!isCallTraceError(error)) throw error;
  console.log(`code: ${error.code}, ${error.retryable ? 'ask again later' : 'do not ask again'}`);
}

/** What a page shows of one result. */
function storyOf(result) {
  if (result.status === 'failed') return `${result.error.code}: ${result.error.message}`;
  if (result.status === 'not-found') return 'not found';
  return `${result.call.verdict}, ${result.call.complete ? `ended by ${result.call.endedBy}` : 'no final record'}`;
}
