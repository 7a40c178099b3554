/**
 * A gateway under load while its contact centre fails in every way by turns. Prints what came of it, the last line as
 * JSON. Exits with 1 if an answer was wrong or without a code, a rejection unhandled, or the limit of requests passed.
 * Run: npm run soak [seconds, 600 by default] [seed]. With TEST_REDIS_SERVER naming a redis-server, one stands between.
 */
import { soak } from '../test/support/soak.js';

const [seconds = '600', seed = String(Date.now() % 1_000_000)] = process.argv.slice(2);
const summary = await soak({
  seconds: Number(seconds),
  seed: Number(seed),
  redis: Boolean(process.env['TEST_REDIS_SERVER']),
});
for (const [name, value] of Object.entries(summary)) {
  console.log(`${name.padEnd(20)} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`);
}
console.log(JSON.stringify(summary));
const { wrong, uncoded, unhandledRejections, peakInFlight, concurrencyLimit } = summary;
process.exitCode = wrong + uncoded + unhandledRejections > 0 || peakInFlight > concurrencyLimit ? 1 : 0;
