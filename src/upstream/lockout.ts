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

/** How a request ended that a permit was taken for: by its status, or without one. */
export type PermitEnd =
  /** Its bytes were never written. */
  | 'UNWRITTEN'
  /** 401. */
  | 'REFUSED'
  /** 403 with JSON. */
  | 'LOCKED'
  /** Any other status: it says nothing about the key. */
  | 'OTHER_STATUS'
  /** Written, and no status came: it may have been refused. */
  | 'LOST';

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
  /**
   * Throws while nothing is to be sent: UpstreamAuthError if signatures were refused or the address is locked,
   * UpstreamUnavailableError if requests just had no answer. Both say when the next probe is due.
   */
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
/** An accepted signature proves its key so long: it may be revoked while nothing is asked. Unit: ms. */
const PROOF_MS = 30_000;

/** Trials since the key was last proven: never more in all than refusals are allowed. */
interface Trials {
  inFlight: number;
  refused: number;
  lost: number;
}

interface Pause {
  kind: PauseKind;
  lengthMs: number;
  startedAt: number;
  until: number;
}

/**
 * Returns a guard. What bounds it: while the key is proven every request gets a permit. Otherwise each is a trial, and
 * refused + lost + in flight never exceed `maxRefusals`; when all of them are used up there is a pause, and after it one
 * trial at a time, the probe. When a proven key is refused, the rest of the trials is kept for another pair, once: of the
 * refused one nothing is sent any more but what is in flight.
 */
export function createLockoutGuard(options: LockoutOptions): LockoutGuard {
  const { maxRefusals, pairs, credentials, clock, onChange } = options;
  let secrets = credentials();
  let pair = 0;
  /** Raised when the pair is refused, the address locked, or the secrets change: older requests prove nothing since. */
  let generation = 0;
  let provenAt: number | null = null;
  let trials: Trials = { inFlight: 0, refused: 0, lost: 0 };
  let tried = new Set<number>();
  let pause: Pause | null = null;
  let toldState: SignatureState = 'UNPROVEN';
  let waiters: (() => void)[] = [];

  return {
    check,
    async take(signal) {
      for (check(); !mayGo(); check()) await unlessAborted(signal, nextChange());
      return grant();
    },
    hasOtherThan: (refusedPair) => pair !== refusedPair && !isPaused(),
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

  function isPaused(): boolean {
    return pause !== null && clock.monotonic() < pause.until;
  }

  function check(): void {
    if (secrets !== credentials()) changeSecrets();
    if (pause && isPaused()) throw pauseError(pause.kind, pause.until - clock.monotonic());
  }

  function mayGo(): boolean {
    if (isProven()) return true;
    if (pause) return trials.inFlight === 0;
    const used = trials.refused + trials.lost + trials.inFlight;
    const untried = pairs - new Set([...tried, pair]).size; // a second pair is to get its try, too
    return trials.inFlight === 0 || used + untried < maxRefusals;
  }

  function grant(): Permit {
    const trial = isProven() ? null : trials;
    const mine = { pair, generation, trial, isProbe: pause !== null };
    if (trial) {
      trial.inFlight += 1;
      tried.add(pair);
    }
    let isOpen = true;
    return {
      pair,
      isTrial: trial !== null,
      end(how) {
        if (!isOpen) return;
        isOpen = false;
        if (trial) trial.inFlight -= 1;
        if (how === 'REFUSED' || how === 'LOCKED') refuse(mine, how);
        if (how === 'LOST' && trial === trials) lose(mine.isProbe);
        changed();
      },
      proved() {
        if (mine.generation === generation) prove();
      },
    };
  }

  function prove(): void {
    provenAt = clock.monotonic();
    trials = { inFlight: 0, refused: 0, lost: 0 };
    tried = new Set();
    pause = null;
    changed();
  }

  function refuse(
    by: { pair: number; generation: number; trial: Trials | null; isProbe: boolean },
    kind: PauseKind,
  ): void {
    const isCurrent = by.generation === generation;
    const isTrial = by.trial === trials;
    if (pause && !by.isProbe) {
      if (kind === 'LOCKED') pause.kind = kind;
      pause.startedAt = clock.monotonic(); // sent before the pause: no reason for a longer one
      return;
    }
    if (!isCurrent && !isTrial && kind === 'REFUSED') return; // in flight when the first of its kind was refused
    if (isCurrent && kind === 'REFUSED') endGeneration((by.pair + 1) % pairs);
    else if (by.pair === pair || kind === 'LOCKED') endGeneration(pair);
    trials.refused = isTrial ? trials.refused + 1 : maxRefusals - (pairs - 1);
    const isUsedUp = trials.refused + trials.lost >= maxRefusals;
    if (kind === 'LOCKED' || by.isProbe || isUsedUp) startPause(kind, nextLengthMs());
  }

  function lose(isProbe: boolean): void {
    trials.lost += 1;
    if (pause && isProbe) startPause(pause.kind, pause.lengthMs);
    else if (!pause && trials.refused + trials.lost >= maxRefusals)
      startPause(trials.refused > 0 ? 'REFUSED' : 'NO_ANSWER', FIRST_PAUSE_MS);
  }

  function nextLengthMs(): number {
    return pause && pause.kind !== 'NO_ANSWER' ? Math.min(LONGEST_PAUSE_MS, pause.lengthMs * 2) : FIRST_PAUSE_MS;
  }

  function endGeneration(nextPair: number): void {
    generation += 1;
    provenAt = null;
    pair = nextPair;
  }

  function startPause(kind: PauseKind, lengthMs: number): void {
    const startedAt = clock.monotonic();
    provenAt = null;
    pause = { kind, lengthMs, startedAt, until: startedAt + lengthMs };
    toldState = kind;
    onChange(kind);
  }

  /** Other secrets deserve an early probe, but no more than one: a pause is shortened, never ended. */
  function changeSecrets(): void {
    secrets = credentials();
    tried = new Set();
    endGeneration(pair);
    if (pause) {
      pause.lengthMs = FIRST_PAUSE_MS;
      pause.until = Math.min(pause.until, pause.startedAt + FIRST_PAUSE_MS);
    }
    changed();
  }

  function changed(): void {
    if (toldState !== stateNow()) {
      toldState = stateNow();
      onChange(toldState);
    }
    const woken = waiters;
    waiters = [];
    woken.forEach((wake) => wake());
  }

  function nextChange(): Promise<void> {
    return new Promise((resolve) => waiters.push(resolve));
  }
}

function pauseError(kind: PauseKind, retryAfterMs: number): TraceError {
  const options = { retryAfterMs };
  switch (kind) {
    case 'REFUSED':
      return new UpstreamAuthError('SIGNATURE', 'the contact centre refused our signatures; a probe is due', options);
    case 'LOCKED':
      return new UpstreamAuthError('ADDRESS_LOCKED', 'the contact centre has locked our address', options);
    case 'NO_ANSWER':
      return new UpstreamUnavailableError('the contact centre gave no answer to our last requests', options);
  }
}
