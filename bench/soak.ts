/**
 * A gateway under load while its contact centre and its Redis fail in every way by turns. Prints what came of it, the last
 * line as JSON. Exits with 1 if an answer was wrong or without a code, a rejection unhandled, or the limit of requests
 * passed. Run: npm run soak [seconds, 600 by default] [seed]. With TEST_REDIS_SERVER naming a redis-server, one stands
 * between.
 */
import { soak, type SoakSummary } from '../test/support/soak.js';

const [seconds = '600', seed = String(Date.now() % 1_000_000)] = process.argv.slice(2);
const summary = await soak({
  seconds: Number(seconds),
  seed: Number(seed),
  redis: Boolean(process.env['TEST_REDIS_SERVER']),
});
for (const [name, value] of rowsOf(summary)) console.log(`${name.padEnd(24)}${String(value)}`);
console.log(JSON.stringify(summary));
const { wrong, uncoded, unhandledRejections, peakInFlight, concurrencyLimit } = summary;
process.exitCode = wrong + uncoded + unhandledRejections > 0 || peakInFlight > concurrencyLimit ? 1 : 0;

function rowsOf(one: SoakSummary): [name: string, value: string | number][] {
  return [
    ['soak', `${one.seconds} s, seed ${one.seed}, ${one.redis ? 'with' : 'without'} Redis`],
    ['operations', `${one.operations}, and ${one.left} whose client left`],
    ['items', one.items],
    ['  right', `${one.right}, of them ${one.stale} stale and marked`],
    ['  in part', `${one.partial} (across a month's end, shown as not complete)`],
    ['  another story', `${one.told} (told so by the contact centre)`],
    ...Object.entries(one.errors).map(([code, count]): [string, number] => [`  ${code}`, count]),
    ['wrong data', [one.wrong, ...one.wrongExamples].join('\n  ')],
    ['without a code', one.uncoded],
    ['unhandled rejections', one.unhandledRejections],
    ['requests in flight', `at most ${one.peakInFlight} of ${one.concurrencyLimit} (${one.upstreamRequests} in all)`],
    ['  as they arrived', `at most ${one.peakAtContactCentre}`],
    ['slowest operation', `${one.slowestMs} ms`],
    ['RSS', `${one.rssEarlyMib} MiB after warm-up, ${one.rssLateMib} MiB at the end`],
    ['living heap', `${one.heapEarlyMib} MiB after warm-up, ${one.heapLateMib} MiB at the end`],
    ['faults', countsOf(one.faults)],
    ['faults of Redis', countsOf(one.redisFaults)],
  ];
}

function countsOf(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}
