/** Puts the load on a server that the JSON file named in the arguments describes. Prints what came of it as one line. */
import { readFileSync } from 'node:fs';
import autocannon from 'autocannon';

const { seconds, ...load } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const result = await autocannon({ ...load, method: 'POST', duration: seconds, timeout: 10 });
const { requests, latency, duration, non2xx, errors } = result;
console.log(
  JSON.stringify({
    requestsPerSecond: requests.total / duration,
    p99Ms: latency.p99,
    failures: non2xx + errors,
  }),
);
