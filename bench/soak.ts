/**
 * Two gateways under load while their contact centre, their Redis and their hosts fail in every way by turns. Prints what
 * came of it and how often each fault struck, the last line as JSON. Exits with 1 if an answer was wrong, stale and not
 * marked, or without a code, if a rejection was unhandled, if the limit of requests was passed, or if a fault struck too
 * rarely. Run: npm run soak [seconds, 600 by default] [seed]. It needs a redis-server: TEST_REDIS_SERVER names it, or it is
 * on the PATH.
 */
import { soak, type SoakSummary } from '../test/support/soak.js';

const [seconds = '600', seed = String(Date.now() % 1_000_000)] = process.argv.slice(2);
process.env['TEST_REDIS_SERVER'] ??= 'redis-server';
const summary = await soak({ seconds: Number(seconds), seed: Number(seed) });
for (const [name, value] of rowsOf(summary)) console.log(`${name.padEnd(36)}${String(value)}`);
console.log(JSON.stringify(summary));
const { wrong, unmarked, uncoded, unhandled, broken, tooRare, peakInFlight, concurrencyLimit } = summary;
const isGood = wrong + unmarked + uncoded + unhandled + broken + tooRare.length === 0;
process.exitCode = isGood && peakInFlight <= concurrencyLimit ? 0 : 1;

function rowsOf(one: SoakSummary): [name: string, value: string | number][] {
  return [
    ['soak', `${one.seconds} s, seed ${one.seed}`],
    [
      'operations',
      `${one.operations}; besides, ${one.left} whose client left, ${one.unreached} at a gateway that died`,
    ],
    ['items', one.items],
    ['  right', `${one.right}: ${one.stale} stale and marked, ${one.final} final, ${one.live} of calls in progress`],
    ['  in part', `${one.partial} (across a month's end, shown as not complete)`],
    ['  another story', `${one.told} (told so by the contact centre)`],
    ...Object.entries(one.errors).map(([code, count]): [string, number] => [`  ${code}`, count]),
    ['wrong', one.wrong],
    ['stale and not marked', [one.unmarked, ...one.examples].join('\n  ')],
    ['without a code', one.uncoded],
    ['without an answer', one.broken],
    ['unhandled', [one.unhandled, ...one.unhandledExamples].join('\n  ')],
    [
      'requests in flight',
      `at most ${one.peakInFlight} of ${one.concurrencyLimit} a gateway (${one.upstreamRequests} in all)`,
    ],
    ['  as they arrived', `at most ${one.peakAtContactCentre} of both`],
    ['slowest operation', `${one.slowestMs} ms`],
    ['RSS', `${one.rssEarlyMib} MiB after warm-up, ${one.rssLateMib} MiB at the end`],
    ['living heap', `${one.heapEarlyMib} MiB after warm-up, ${one.heapLateMib} MiB at the end`],
    ...Object.entries(one.strikes).map(([name, count]): [string, number] => [`struck by ${name}`, count]),
    [
      'too rarely',
      one.tooRare.length === 0 ? 'none' : `${one.tooRare.join(', ')}: less than ${one.leastStrikes} times`,
    ],
  ];
}
