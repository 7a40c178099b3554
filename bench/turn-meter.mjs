/** Loaded into a gateway before it starts: measures the turns of its event loop, and tells the longest since it was last asked. */
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers';

let longestMs = 0;
let last = performance.now();
process.on('message', () => {
  process.send?.(longestMs);
  longestMs = 0;
});
process.channel?.unref();
setImmediate(nextTurn);

function nextTurn() {
  const now = performance.now();
  longestMs = Math.max(longestMs, now - last);
  last = now;
  setImmediate(nextTurn);
}
