import type { Clock } from '../call/clock.js';
import { UpstreamAuthError, UpstreamUnavailableError, type AuthRefusal, type TraceError } from '../call/errors.js';
import { unlessAborted } from './time-limit.js';

/**
 * The state of our keys. `PROVEN`: the last signature was accepted. `UNPROVEN`: no signature was accepted yet, and too few
 * were refused to pause. `REFUSED` (401), `LOCKED` (our address, 403) and `NO_ANSWER` are pauses: nothing is sent until the
 * pause is over, and then one request at a time until a signature is accepted.
 */
export type SignatureState = 'PROVEN' | 'UNPROVEN' | 'REFUSED' | 'LOCKED' | 'NO_ANSWER';

/**
 * How a request with a permit ended. `unwritten`: none of its bytes were sent. `answered` and `firewall`: no verdict on the
 * key. `lost`: it was sent, and no status came; it may have been refused.
 */
export type PermitEnd = AuthRefusal | 'unwritten' | 'answered' | 'lost';

/** Prevents refused signatures from locking our address. */
export type LockoutGuard = ReturnType<typeof createLockoutGuard>;
/** The permission to send one signature. */
export type Permit = Awaited<ReturnType<LockoutGuard['take']>>;

/** The pause before a probe doubles with each refused probe, from the first to the longest. Unit: ms. */
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 600_000;
/** The pause where requests were lost and none refused; it doubles up to FIRST_PAUSE_MS. Unit: ms. */
const NO_ANSWER_PAUSE_MS = 1_000;
/** How long an accepted signature proves its key: a key may be revoked while no requests are sent. Unit: ms. */
const PROOF_MS = 30_000;

/** The period since the last proof or the beginning of the last pause. `pauseMs`: length of that pause; 0: no pause. */
type Generation = { refused: number; lost: number; readonly pauseMs: number; probeAt: number; lastRefusalAt: number };
/** The state when a request was sent. A trial is a request whose key was not proven. */
type Sent = { readonly key: { readonly pair: number }; readonly generation: Generation; readonly isTrial: boolean };

/**
 * Returns a guard. While the key is proven, every request gets a permit. Otherwise each request is a trial, and the trials
 * refused, lost and in flight never exceed `maxRefusals`. With two pairs of keys the last trial is sent alone, since it may
 * be needed for the other pair. When all trials are used up a pause begins, and after it one trial at a time is sent: the
 * probe. If a proven key is refused, only requests already in flight may still be refused, and the other pair gets one
 * trial. `credentials` returns all secrets as one text: when it changes, no key is proven any more. `onChange` is called
 * after each change of state, and at the beginning of each pause.
 */
export function createLockoutGuard(
  maxRefusals: number,
  pairs: number,
  credentials: () => string,
  clock: Clock,
  onChange: (state: SignatureState) => void,
) {
  let secrets = credentials();
  let state: SignatureState = 'UNPROVEN';
  /** Replaced when the pair is refused, the address is locked, or the secrets change: older requests then prove nothing. */
  let key = { pair: 0 };
  let provenAt = -Infinity;
  let trialsInFlight = 0;
  let generation = newGeneration(0);
  const waiters: (() => void)[] = [];

  return {
    check,
    checkCredentials,
    /** Waits for a permit. Rejects as `check` throws, or with the signal's reason if it aborts while waiting. */
    async take(signal?: AbortSignal) {
      for (check(); !canGrant(); check()) await unlessAborted(signal, new Promise<void>((wake) => waiters.push(wake)));
      return grant({ key, generation, isTrial: !isProven() });
    },
    /** Whether a request whose signature was refused may be retried at once with the other pair of keys. */
    hasOtherPair: (pair: number) => key.pair !== pair,
    get state() {
      return state;
    },
    /** Time until the next probe; null without a pause. Unit: ms. */
    get nextProbeInMs() {
      return generation.pauseMs === 0 ? null : Math.max(0, Math.ceil(generation.probeAt - clock.monotonic()));
    },
  };

  /** Throws during a pause, with the time until the next probe: UpstreamAuthError, or UpstreamUnavailableError for `NO_ANSWER`. */
  function check(): void {
    checkCredentials();
    const remainingMs = generation.probeAt - clock.monotonic();
    if (remainingMs > 0) throw pauseError(state, remainingMs);
  }

  function isProven(): boolean {
    return state === 'PROVEN' && clock.monotonic() - provenAt < PROOF_MS;
  }

  function canGrant(): boolean {
    if (isProven() || trialsInFlight === 0) return true;
    const reservedForOtherPair = pairs - 1;
    return generation.pauseMs === 0 && usedUp() + trialsInFlight + reservedForOtherPair < maxRefusals;
  }

  function grant(sent: Sent) {
    if (sent.isTrial) trialsInFlight += 1;
    let isOpen = true;
    return {
      /** The pair of keys to sign with, from 0 on. */
      pair: sent.key.pair,
      /** The key is not proven: the request must run until its status is known, even if its client leaves. */
      isTrial: sent.isTrial,
      /** Records how the request ended, as soon as that is known. Only the first call counts. */
      end(how: PermitEnd): void {
        if (!isOpen) return;
        isOpen = false;
        if (sent.isTrial) trialsInFlight -= 1;
        if (how === 'signature_refused') recordRefusal(sent, 'REFUSED');
        if (how === 'address_locked') recordRefusal(sent, 'LOCKED');
        if (how === 'lost' && sent.isTrial && sent.generation === generation) recordLoss();
        wakeAll();
      },
      /** Records that the signature was accepted: the reply has a result code. */
      prove(): void {
        if (sent.key !== key) return;
        provenAt = clock.monotonic();
        generation = newGeneration(0);
        setState('PROVEN');
        wakeAll();
      },
    };
  }

  function recordRefusal(sent: Sent, kind: 'REFUSED' | 'LOCKED'): void {
    const isPaused = state === 'REFUSED' || state === 'LOCKED';
    if (isPaused && sent.generation !== generation) {
      generation.lastRefusalAt = clock.monotonic(); // it was sent before the pause, so it does not lengthen the pause
      if (kind === 'LOCKED') setState(kind);
      return;
    }
    const isTrial = sent.isTrial && sent.generation === generation;
    if (kind === 'REFUSED' && !isTrial && sent.key !== key) return; // it was in flight when its key was first refused
    if (kind === 'LOCKED') key = { pair: key.pair };
    else if (sent.key.pair === key.pair) key = { pair: (key.pair + 1) % pairs };
    generation.refused = isTrial ? generation.refused + 1 : maxRefusals - (pairs - 1);
    if (isPaused) startPause(kind, Math.min(LONGEST_PAUSE_MS, generation.pauseMs * 2));
    else if (kind === 'LOCKED' || state === 'NO_ANSWER' || usedUp() >= maxRefusals) startPause(kind, FIRST_PAUSE_MS);
    else setState('UNPROVEN');
  }

  /** Records a lost trial of this generation. It is no verdict on the pair, and does not lengthen a pause after refusals. */
  function recordLoss(): void {
    generation.lost += 1;
    if (state === 'NO_ANSWER') startPause(state, Math.min(FIRST_PAUSE_MS, generation.pauseMs * 2));
    else if (generation.pauseMs > 0) startPause(state, generation.pauseMs);
    else if (usedUp() >= maxRefusals && generation.refused > 0) startPause('REFUSED', FIRST_PAUSE_MS);
    else if (usedUp() >= maxRefusals) startPause('NO_ANSWER', NO_ANSWER_PAUSE_MS);
  }

  /** Returns how many trials of this generation were refused, or may have been. */
  function usedUp(): number {
    return generation.refused + generation.lost;
  }

  function newGeneration(pauseMs: number): Generation {
    const now = clock.monotonic();
    return { refused: 0, lost: 0, pauseMs, probeAt: now + pauseMs, lastRefusalAt: now };
  }

  function startPause(kind: SignatureState, pauseMs: number): void {
    generation = newGeneration(pauseMs);
    state = kind;
    onChange(kind);
  }

  function setState(next: SignatureState): void {
    if (state === next) return;
    state = next;
    onChange(next);
  }

  /** Checks whether the secrets have changed. New secrets get one early probe: a pause is shortened, never ended. */
  function checkCredentials(): void {
    if (secrets === credentials()) return;
    secrets = credentials();
    key = { pair: key.pair };
    if (generation.pauseMs === 0) return setState('UNPROVEN');
    generation.probeAt = Math.min(generation.probeAt, generation.lastRefusalAt + FIRST_PAUSE_MS);
  }

  function wakeAll(): void {
    waiters.splice(0).forEach((wake) => wake());
  }
}

function pauseError(state: SignatureState, retryAfterMs: number): TraceError {
  const sentence = (what: string): string => `the contact centre ${what}, so nothing is sent to it for now`;
  if (state === 'NO_ANSWER') return new UpstreamUnavailableError(sentence('gave no answer'), { retryAfterMs });
  if (state === 'LOCKED')
    return new UpstreamAuthError('address_locked', sentence('has locked our address'), { retryAfterMs });
  return new UpstreamAuthError('signature_refused', sentence('refused our signatures'), { retryAfterMs });
}
