// How several calls went, one line each, with fetch. Needs Node 20 or newer, or a browser, and no packages.
// Usage: [API_KEY=…] node examples/clients/fetch.mjs [URL of the graph]
const url = process.argv[2] ?? 'http://localhost:4000/graphql';
// Without one: the demo's key, which opens nothing else.
const key = process.env.API_KEY ?? 'ctg_demo-dashboard-which-sees-masked-numbers-01';

const query = `
  query CallList($keys: [CallKeyInput!]!) {
    callResults(keys: $keys) {
      __typename
      ... on Call { callId complete endedBy durationMs legs { deviceType } freshness { final freshUntil } }
      ... on CallNotFound { callId freshness { freshUntil } }
      ... on CallProblem { callId code message retryable retryAfterMs }
    }
  }`;

/** Asks for calls. Throws if the request is refused as a whole; the code is in the message. Unit of the deadline: ms. */
async function ask(keys, deadlineMs = 10_000) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': key, 'x-deadline-ms': String(deadlineMs) },
    body: JSON.stringify({ query, variables: { keys } }),
  });
  const { data, errors = [] } = await response.json();
  if (errors.length > 0) throw new Error(`HTTP ${response.status}, ${errors[0].extensions.code}: ${errors[0].message}`);
  return data.callResults;
}

/** A list waits for its slowest call. So ask with a short deadline first, show what came, then ask for the rest. */
async function askInTwoSteps(keys, show) {
  const early = await ask(keys, 2_000);
  const isLate = (result) => result.__typename === 'CallProblem' && result.code === 'UPSTREAM_TIMEOUT';
  show(early.filter((result) => !isLate(result)));
  const rest = keys.filter((_, index) => isLate(early[index]));
  const late = rest.length > 0 ? await ask(rest) : [];
  show(late);
  return [...early.filter((result) => !isLate(result)), ...late];
}

const callIds = ['1700000000-2', '1700000000-3', '1700000000-10', '1700000000-404', 'ticket-7'];
try {
  const results = await askInTwoSteps(
    callIds.map((callId) => ({ vdn: 170, callId })),
    (some) => some.forEach((result) => console.log(`${result.callId}: ${storyOf(result)}`)),
  );
  console.log(`ask again in ${secondsUntilStale(results)} s`);
} catch (error) {
  const hint = error.cause ? ` (${error.cause.code}): does the gateway run there? npm run demo` : '';
  console.error(`${url}: ${error.message}${hint}`);
  process.exitCode = 1;
}

/** What a page shows of one result. */
function storyOf(result) {
  if (result.__typename === 'CallNotFound') return 'not found';
  if (result.__typename === 'CallProblem') return `${result.code}: ${result.message}`;
  const devices = result.legs.map((leg) => leg.deviceType).join(' > ');
  return `${devices}, ${result.complete ? `${result.durationMs / 1000} s, ended by ${result.endedBy}` : 'in progress'}`;
}

/** When to poll: once the first answer that may change is no longer fresh. */
function secondsUntilStale(results) {
  const changing = results.filter(({ freshness }) => freshness && freshness.final !== true);
  const next = Math.min(...changing.map(({ freshness }) => Date.parse(freshness.freshUntil)));
  return Math.max(1, Math.ceil((next - Date.now()) / 1000));
}
