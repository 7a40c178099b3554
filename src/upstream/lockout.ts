import type { Clock } from '../call/clock.js';
import { UpstreamAuthError, UpstreamUnavailableError, type AuthRefusal, type TraceError } from '../call/errors.js';
import { unlessAborted } from './time-limit.js';

/**
 * What is known of our keys. `PROVEN`: the last signature was accepted. `UNPROVEN`: none yet, or too few were refused to
 * pause. In a pause, `REFUSED` (401), `LOCKED` (our address, 403) or `NO_ANSWER`, nothing is sent until it is over, and
 * then one request at a time until a signature is accepted.
 */
export type SignatureState = 'PROVEN' | 'UNPROVEN' | 'REFUSED' | 'LOCKED' | 'NO_ANSWER';

/**
 * How a request ended that a permit was taken for. `unwritten`: none of its bytes went out. `answered` and `firewall` say
 * nothing about the key. `lost`: written, and no status came; it may have been refused.
 */
export type PermitEnd = AuthRefusal | 'unwritten' | 'answered' | 'lost';

/** Keeps refused signatures from locking our address. */
export type LockoutGuard = ReturnType<typeof createLockoutGuard>;
/** Leave to show a signature once. */
export type Permit = Awaited<ReturnType<LockoutGuard['take']>>;

/** The pause before a probe; it doubles with each probe that is refused, up to the longest. Unit: ms. */
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 600_000;
/** Where requests were only lost the pause is that of a circuit breaker; it doubles up to the first pause above. Unit: ms. */
const NO_ANSWER_PAUSE_MS = 1_000;
/** An accepted signature proves its key so long: it may be revoked while nothing is asked. Unit: ms. */
const PROOF_MS = 30_000;

/** The time since the last proof or the beginning of the last pause. In a pause `pauseMs` is its length, otherwise 0. */
type Generation = { refused: number; lost: number; readonly pauseMs: number; probeAt: number; lastRefusalAt: number };
/** What held when a request was sent. A trial is one whose key was not proven. */
type Sent = { readonly key: { readonly pair: number }; readonly generation: Generation; readonly isTrial: boolean };

/**
 * Returns a guard. While the key is proven every request gets a permit. Otherwise each is a trial, and those refused, lost
 * and in flight are never more than `maxRefusals`, of which the last goes alone if there are two pairs of keys: it may be
 * the other pair's. When all are used up there is a pause, and after it one trial at a time, the probe. Of a proven key
 * that is refused only what is in flight may still be refused; what is left then is one trial of the other pair, if any.
 * `credentials` are all secrets as one text: when it changes, nothing is proven any more. `onChange` is called after each
 * change of state, and at the beginning of each pause.
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
  /** Another object once the pair is refused, the address locked, or the secrets change: older requests prove nothing since. */
  let key = { pair: 0 };
  let provenAt = -Infinity;
  let trialsInFlight = 0;
  let generation = newGeneration(0);
  const wakers: (() => void)[] = [];

  return {
    check,
    lookAtKeys,
    /** Waits for a permit. Errors: as `check`; the signal's reason if it aborts while waiting. */
    async take(signal?: AbortSignal) {
      for (check(); !mayGo(); check()) await unlessAborted(signal, new Promise<void>((wake) => wakers.push(wake)));
      return grant({ key, generation, isTrial: !isProven() });
    },
    /** Whether a question whose signature was refused may be asked at once with another pair of keys. */
    hasOtherThan: (pair: number) => key.pair !== pair,
    get state() {
      return state;
    },
    /** When the next probe is due; null unless there is a pause. Unit: ms. */
    get nextProbeInMs() {
      return generation.pauseMs === 0 ? null : Math.max(0, Math.ceil(generation.probeAt - clock.monotonic()));
    },
  };

  /** Throws in a pause, saying when the next probe is due: UpstreamAuthError, or UpstreamUnavailableError for `NO_ANSWER`. */
  function check(): void {
    lookAtKeys();
    const restMs = generation.probeAt - clock.monotonic();
    if (restMs > 0) throw pauseError(state, restMs);
  }

  function isProven(): boolean {
    return state === 'PROVEN' && clock.monotonic() - provenAt < PROOF_MS;
  }

  function mayGo(): boolean {
    if (isProven() || trialsInFlight === 0) return true;
    const keptForOtherPair = pairs - 1;
    return generation.pauseMs === 0 && spent() + trialsInFlight + keptForOtherPair < maxRefusals;
  }

  function grant(sent: Sent) {
    if (sent.isTrial) trialsInFlight += 1;
    let isOpen = true;
    return {
      /** The pair of keys to sign with, from 0 on. */
      pair: sent.key.pair,
      /** The key is not proven: the request must live until its status is known, even if its client leaves. */
      isTrial: sent.isTrial,
      /** Tells how the request ended, as soon as that is known. Only the first call counts. */
      end(how: PermitEnd): void {
        if (!isOpen) return;
        isOpen = false;
        if (sent.isTrial) trialsInFlight -= 1;
        if (how === 'signature_refused') refuse(sent, 'REFUSED');
        if (how === 'address_locked') refuse(sent, 'LOCKED');
        if (how === 'lost' && sent.isTrial && sent.generation === generation) lose();
        wakeAll();
      },
      /** The reply was read and has a result code: the signature was accepted. */
      proved(): void {
        if (sent.key !== key) return;
        provenAt = clock.monotonic();
        generation = newGeneration(0);
        become('PROVEN');
        wakeAll();
      },
    };
  }

  function refuse(sent: Sent, kind: 'REFUSED' | 'LOCKED'): void {
    const isPaused = state === 'REFUSED' || state === 'LOCKED';
    if (isPaused && sent.generation !== generation) {
      generation.lastRefusalAt = clock.monotonic(); // sent before the pause: no reason for a longer one
      if (kind === 'LOCKED') become(kind);
      return;
    }
    const isTrial = sent.isTrial && sent.generation === generation;
    if (kind === 'REFUSED' && !isTrial && sent.key !== key) return; // in flight when the first of its kind was refused
    if (kind === 'LOCKED') key = { pair: key.pair };
    else if (sent.key.pair === key.pair) key = { pair: (key.pair + 1) % pairs };
    generation.refused = isTrial ? generation.refused + 1 : maxRefusals - (pairs - 1);
    if (isPaused) startPause(kind, Math.min(LONGEST_PAUSE_MS, generation.pauseMs * 2));
    else if (kind === 'LOCKED' || state === 'NO_ANSWER' || spent() >= maxRefusals) startPause(kind, FIRST_PAUSE_MS);
    else become('UNPROVEN');
  }

  /** A trial of this generation is lost. That says nothing of the pair, and makes no pause after refusals longer. */
  function lose(): void {
    generation.lost += 1;
    if (state === 'NO_ANSWER') startPause(state, Math.min(FIRST_PAUSE_MS, generation.pauseMs * 2));
    else if (generation.pauseMs > 0) startPause(state, generation.pauseMs);
    else if (spent() >= maxRefusals && generation.refused > 0) startPause('REFUSED', FIRST_PAUSE_MS);
    else if (spent() >= maxRefusals) startPause('NO_ANSWER', NO_ANSWER_PAUSE_MS);
  }

  /** Trials of this generation that were refused, or may have been. */
  function spent(): number {
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

  function become(next: SignatureState): void {
    if (state === next) return;
    state = next;
    onChange(next);
  }

  /** Looks whether the secrets have changed. They deserve an early probe, but one: a pause is shortened, never ended. */
  function lookAtKeys(): void {
    if (secrets === credentials()) return;
    secrets = credentials();
    key = { pair: key.pair };
    if (generation.pauseMs === 0) return become('UNPROVEN');
    generation.probeAt = Math.min(generation.probeAt, generation.lastRefusalAt + FIRST_PAUSE_MS);
  }

  function wakeAll(): void {
    wakers.splice(0).forEach((wake) => wake());
  }
}

function pauseError(state: SignatureState, retryAfterMs: number): TraceError {
  const sentence = (what: string): string => `the contact centre ${what}, so nothing is sent to it for now`;
  if (state === 'NO_ANSWER') return new UpstreamUnavailableError(sentence('gave no answer'), { retryAfterMs });
  if (state === 'LOCKED')
    return new UpstreamAuthError('address_locked', sentence('has locked our address'), { retryAfterMs });
  return new UpstreamAuthError('signature_refused', sentence('refused our signatures'), { retryAfterMs });
}
