import type { Clock } from '../call/clock.js';

/** How an address fares: `UP`, left alone after failures (`DOWN`), or being tried again by one request (`PROBED`). */
export type EndpointState = 'UP' | 'DOWN' | 'PROBED';

/** What became of a request, as far as it concerns the breaker: a client that left says `NOTHING`. */
export type BreakerVerdict = 'ANSWERED' | 'FAILED' | 'NOTHING';

/** Leave to send one request to an address. */
export interface BreakerPass {
  /** It decides whether an address that was down is up again. */
  readonly isProbe: boolean;
  /** Tells how the request ended, once. */
  end(verdict: BreakerVerdict): void;
}

/** Leaves an address alone while it fails. */
export interface Breaker {
  /** Leave to send a request; null while the address is left alone. */
  pass(): BreakerPass | null;
  readonly state: EndpointState;
  /** When it may be tried again, by the monotonic clock; null unless it is down. Unit: ms. */
  readonly probeAt: number | null;
}

/** Failures in a row after which an address is left alone. */
const MAX_FAILURES = 5;
/** The first pause, which doubles with each failed probe up to the longest. Unit: ms. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/** Returns a breaker for one address. `onChange` is called after every change of state. */
export function createBreaker(clock: Clock, onChange: (state: EndpointState) => void): Breaker {
  let state: EndpointState = 'UP';
  let failures = 0;
  let pauseMs = FIRST_PAUSE_MS;
  let probeAt = 0;
  /** Counts the changes of state: what was sent before the last one says nothing about this one. */
  let changes = 0;

  return {
    pass() {
      if (state === 'PROBED' || (state === 'DOWN' && clock.monotonic() < probeAt)) return null;
      const isProbe = state === 'DOWN';
      if (isProbe) become('PROBED');
      const sentIn = changes;
      return {
        isProbe,
        end(verdict) {
          if (sentIn === changes) judge(verdict);
        },
      };
    },
    get state() {
      return state;
    },
    get probeAt() {
      return state === 'DOWN' ? probeAt : null;
    },
  };

  function judge(verdict: BreakerVerdict): void {
    if (verdict === 'NOTHING') {
      if (state === 'PROBED') become('DOWN'); // the next request is the probe
    } else if (verdict === 'ANSWERED') {
      failures = 0;
      if (state === 'PROBED') become('UP');
    } else if (state === 'PROBED' || (failures += 1) >= MAX_FAILURES) {
      pauseMs = state === 'PROBED' ? Math.min(LONGEST_PAUSE_MS, pauseMs * 2) : FIRST_PAUSE_MS;
      probeAt = clock.monotonic() + pauseMs;
      failures = 0;
      become('DOWN');
    }
  }

  function become(next: EndpointState): void {
    state = next;
    changes += 1;
    onChange(next);
  }
}
