import { jest } from '@jest/globals';

/** Time of a model run: it stands still, however long the machine takes, until the run lets it go on. */
export interface VirtualTime {
  /** Unit: ms since 1970-01-01 UTC. */
  readonly now: () => number;
  /** Unit: ms since an arbitrary instant. */
  readonly monotonic: () => number;
  /** Lets time go on; `afterSlice` is awaited after each of the slices (ms) into which it is cut. */
  advance(ms: number, afterSlice: (sliceMs: number) => Promise<void>): Promise<void>;
  /** Gives the process its own timers back. */
  stop(): void;
}

/** What timers cause outside of this process is waited for so often: sooner than anything there is due. Unit: ms. */
const SLICE_MS = 250;

/** Replaces timers and `Date` of this test file by ones that stand still at an instant. Sockets stay real. */
export function startVirtualTime(at: number): VirtualTime {
  jest.useFakeTimers({
    now: at,
    doNotFake: ['nextTick', 'setImmediate', 'clearImmediate', 'queueMicrotask', 'hrtime', 'performance'],
  });
  return {
    now: () => Date.now(),
    monotonic: () => Date.now() - at + 1_000_000,
    async advance(ms, afterSlice) {
      const endsAt = Date.now() + ms;
      setTimeout(() => undefined, ms); // so that there is a timer at the end
      for (let sliceAt = Date.now(); sliceAt < endsAt;) {
        jest.advanceTimersToNextTimer();
        await new Promise((resolve) => setImmediate(resolve)); // one timer may clear the next
        const now = Date.now();
        if (now - sliceAt < SLICE_MS && now < endsAt) continue;
        await afterSlice(now - sliceAt);
        sliceAt = now;
      }
    },
    stop: () => void jest.useRealTimers(),
  };
}
