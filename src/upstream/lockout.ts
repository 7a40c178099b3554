import type { Clock } from '../call/clock.js';
import { UpstreamAuthError, UpstreamUnavailableError, type TraceError } from '../call/errors.js';
import { unlessAborted } from './time-limit.js';

/**
 * What is known of our keys. `PROVEN`: the last signature was accepted. `UNPROVEN`: none yet, or too few were refused to
 * pause. `REFUSED` (401), `LOCKED` (our address, 403) and `NO_ANSWER`: nothing is sent until the pause is over, and then
 * one request at a time until a signature is accepted.
 */
export type SignatureState = 'PROVEN' | 'UNPROVEN' | PauseKind;
type PauseKind = 'REFUSED' | 'LOCKED' | 'NO_ANSWER';

/**
 * How a request ended that a permit was taken for. `UNWRITTEN`: none of its bytes went out. `REFUSED`: 401. `LOCKED`: 403
 * with JSON. `OTHER_STATUS`: it says nothing about the key. `LOST`: written, and no status came; it may have been refused.
 */
export type PermitEnd = 'UNWRITTEN' | 'REFUSED' | 'LOCKED' | 'OTHER_STATUS' | 'LOST';

/** Leave to show a signature once. */
export interface Permit {
  /** The pair of keys to sign with, from 0 on. */
  readonly pair: number;
  /** The key is not proven: the request must live until its status is known, even if its client leaves. */
  readonly isTrial: boolean;
  /** Tells how the request ended, as soon as that is known. Only the first call counts. */
  end(how: PermitEnd): void;
  /** The reply was read and has a result code: the signature was accepted. */
  proved(): void;
}

/** Keeps refused signatures from locking our address. */
export interface LockoutGuard {
  /** Throws in a pause, saying when the next probe is due: UpstreamAuthError, or UpstreamUnavailableError for `NO_ANSWER`. */
  check(): void;
  /** Waits for a permit. Errors: as `check`; the signal's reason if it aborts while waiting. */
  take(signal?: AbortSignal): Promise<Permit>;
  /** Whether a question whose signature was refused may be asked at once with another pair of keys. */
  hasOtherThan(pair: number): boolean;
  readonly state: SignatureState;
  /** When the next probe is due, by the monotonic clock; null unless there is a pause. Unit: ms. */
  readonly probeAt: number | null;
}

/** What a guard keeps to. */
export interface LockoutOptions {
  /** Signatures that may be refused before a pause. At least 2 if there are two pairs. */
  readonly maxRefusals: number;
  /** Pairs of keys: 1 or 2. */
  readonly pairs: number;
  /** All secrets as one text: when it changes, nothing is proven any more. */
  readonly credentials: () => string;
  readonly clock: Clock;
  /** Called after each change of state, and at the beginning of each pause. */
  readonly onChange: (state: SignatureState) => void;
}

/** The pause before a probe; it doubles with each probe that is refused, up to the longest. Unit: ms. */
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 600_000;
/** Where requests were only lost the pause is that of a circuit breaker; it doubles up to the first pause above. Unit: ms. */
const NO_ANSWER_PAUSE_MS = 1_000;
/** An accepted signature proves its key so long: it may be revoked while nothing is asked. Unit: ms. */
const PROOF_MS = 30_000;

/** Requests that were sent while the key was not proven, since it last was. */
type Trials = { inFlight: number; refused: number; lost: number };
/** What a permit was given for; `trials` are those it counts among, null if the key was proven. */
type Shown = { pair: number; generation: number; trials: Trials | null; isProbe: boolean };

/**
 * Returns a guard. While the key is proven every request gets a permit. Otherwise each is a trial, and those refused, lost
 * and in flight are never more than `maxRefusals`; when all are used up there is a pause, and after it one trial at a
 * time, the probe. Of a proven key that is refused only what is in flight may still be refused: the one trial that is
 * left then, if there are two pairs, is the other pair's.
 */
export function createLockoutGuard({ maxRefusals, pairs, credentials, clock, onChange }: LockoutOptions): LockoutGuard {
  let secrets = credentials();
  let pair = 0;
  /** Raised when the pair is refused, the address locked, or the secrets change: older requests prove nothing since. */
  let generation = 0;
  let provenAt: number | null = null;
  let trials: Trials = { inFlight: 0, refused: 0, lost: 0 };
  /** Trials kept for the other pair until its turn comes. */
  let reserved = pairs - 1;
  let pause: { kind: PauseKind; lengthMs: number; lastRefusalAt: number; until: number } | null = null;
  let told: SignatureState | null = 'UNPROVEN';
  const wakers: (() => void)[] = [];

  return {
    check,
    async take(signal) {
      for (check(); !mayGo(); check()) await unlessAborted(signal, new Promise<void>((wake) => wakers.push(wake)));
      return grant();
    },
    hasOtherThan: (refusedPair) => pair !== refusedPair && pauseMs() <= 0,
    get state() {
      return stateNow();
    },
    get probeAt() {
      return pause?.until ?? null;
    },
  };

  function stateNow(): SignatureState {
    return pause?.kind ?? (provenAt === null ? 'UNPROVEN' : 'PROVEN');
  }

  function isProven(): boolean {
    return provenAt !== null && clock.monotonic() - provenAt < PROOF_MS;
  }

  /** How long the pause lasts yet; not positive if it is over or there is none. */
  function pauseMs(): number {
    return pause ? pause.until - clock.monotonic() : 0;
  }

  function check(): void {
    if (secrets !== credentials()) changeSecrets();
    if (pause && pauseMs() > 0) throw pauseError(pause.kind, pauseMs());
  }

  function mayGo(): boolean {
    if (isProven() || trials.inFlight === 0) return true;
    return !pause && trials.refused + trials.lost + trials.inFlight + reserved < maxRefusals;
  }

  function grant(): Permit {
    const shown: Shown = { pair, generation, trials: isProven() ? null : trials, isProbe: pause !== null };
    if (shown.trials) shown.trials.inFlight += 1;
    let isOpen = true;
    return {
      pair,
      isTrial: shown.trials !== null,
      end(how) {
        if (!isOpen) return;
        isOpen = false;
        if (shown.trials) shown.trials.inFlight -= 1;
        if (how === 'REFUSED' || how === 'LOCKED') refuse(shown, how);
        if (how === 'LOST' && shown.trials === trials) lose(shown);
        changed();
      },
      proved() {
        if (shown.generation !== generation) return;
        provenAt = clock.monotonic();
        trials = { inFlight: 0, refused: 0, lost: 0 };
        reserved = pairs - 1;
        pause = null;
        changed();
      },
    };
  }

  function refuse(shown: Shown, kind: 'REFUSED' | 'LOCKED'): void {
    if (pause && !shown.isProbe) {
      if (kind === 'LOCKED') pause.kind = kind;
      pause.lastRefusalAt = clock.monotonic(); // sent before the pause: no reason for a longer one
      return;
    }
    const isNews = shown.generation === generation;
    const isTrial = shown.trials === trials;
    if (!isNews && !isTrial && kind === 'REFUSED') return; // in flight when the first of its kind was refused
    const isOfPair = isNews && kind === 'REFUSED';
    if (shown.pair === pair || kind === 'LOCKED') endGeneration(isOfPair ? (pair + 1) % pairs : pair);
    trials.refused = isTrial ? trials.refused + 1 : maxRefusals - (pairs - 1);
    const longerMs =
      pause && pause.kind !== 'NO_ANSWER' ? Math.min(LONGEST_PAUSE_MS, pause.lengthMs * 2) : FIRST_PAUSE_MS;
    if (kind === 'LOCKED' || shown.isProbe || isUsedUp()) startPause(kind, longerMs);
  }

  /** What is lost says nothing of the pair, and makes no pause after refusals longer. */
  function lose(shown: Shown): void {
    trials.lost += 1;
    if (pause && shown.isProbe) {
      const longerMs = Math.min(FIRST_PAUSE_MS, pause.lengthMs * 2);
      startPause(pause.kind, pause.kind === 'NO_ANSWER' ? longerMs : pause.lengthMs);
    } else if (!pause && isUsedUp()) {
      if (trials.refused > 0) startPause('REFUSED', FIRST_PAUSE_MS);
      else startPause('NO_ANSWER', NO_ANSWER_PAUSE_MS);
    }
  }

  function isUsedUp(): boolean {
    return trials.refused + trials.lost >= maxRefusals;
  }

  function endGeneration(nextPair: number): void {
    generation += 1;
    provenAt = null;
    if (nextPair !== pair) reserved = 0;
    pair = nextPair;
  }

  function startPause(kind: PauseKind, lengthMs: number): void {
    const now = clock.monotonic();
    pause = { kind, lengthMs, lastRefusalAt: now, until: now + lengthMs };
    told = null;
  }

  /** Other secrets deserve an early probe, but no more than one: a pause is shortened, never ended. */
  function changeSecrets(): void {
    secrets = credentials();
    endGeneration(pair);
    reserved = pairs - 1;
    if (pause) {
      pause.lengthMs = FIRST_PAUSE_MS;
      pause.until = Math.min(pause.until, pause.lastRefusalAt + FIRST_PAUSE_MS);
    }
    changed();
  }

  function changed(): void {
    const state = stateNow();
    const isTold = told === state;
    told = state;
    if (!isTold) onChange(state);
    wakers.splice(0).forEach((wake) => wake());
  }
}

function pauseError(kind: PauseKind, retryAfterMs: number): TraceError {
  const words = { REFUSED: 'refused our signatures', LOCKED: 'has locked our address', NO_ANSWER: 'gave no answer' };
  const message = `the contact centre ${words[kind]}; nothing is sent until the next probe`;
  if (kind === 'NO_ANSWER') return new UpstreamUnavailableError(message, { retryAfterMs });
  return new UpstreamAuthError(kind === 'LOCKED' ? 'ADDRESS_LOCKED' : 'SIGNATURE', message, { retryAfterMs });
}
