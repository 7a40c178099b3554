import { UpstreamAuthError } from '../call/errors.js';

/** Keeps refused signatures from locking our address. */
export interface LockOutGuard {
  /** Throws an UpstreamAuthError while the guard is shut, and the next probe is not due. */
  check(): void;
  /**
   * Runs one request, signed in the way that was taken last; there are `ways` of them, and the next one is tried if the
   * one before is refused. Until a signature has been taken, no more go at once than may be refused: a wrong key must not
   * be shown twenty times before its first refusal is known. Errors: as `check`, with nothing sent; whatever the request
   * throws.
   */
  run<T>(ways: number, request: (way: number) => Promise<T>): Promise<T>;
  readonly state: LockOutState;
}

/** `PROVEN`: the last signature was taken. `UNPROVEN`: none yet, or the last was refused. `SHUT`: too many were. */
export type LockOutState = 'PROVEN' | 'UNPROVEN' | 'SHUT';

export interface LockOutOptions {
  /** Refusals in a row after which the guard shuts. */
  readonly maxRefusals: number;
  /** Pause before the probe that may open it again; doubles with each failed one … Unit: ms. */
  readonly firstPauseMs: number;
  /** … up to this. Unit: ms. */
  readonly longestPauseMs: number;
  /** What is signed with, as a text: changed ones are not proven, and are probed at once if the guard is shut. */
  readonly credentials: () => string;
  /** Unit: ms since 1970-01-01 UTC. */
  readonly now: () => number;
  /** Told at each change of state. */
  readonly onChange: (state: LockOutState) => void;
}

/** Returns a guard. A refusal is an UpstreamAuthError by the signature check or the lock, not by a firewall. */
export function createLockOutGuard(options: LockOutOptions): LockOutGuard {
  const { maxRefusals, firstPauseMs, longestPauseMs, credentials, now, onChange } = options;
  let state: LockOutState = 'UNPROVEN';
  let refusals = 0;
  let pauseMs = firstPauseMs;
  let probeAt = 0;
  /** The way to sign that comes first: the one that was taken last, or the one after that which was refused last. */
  let first = 0;
  /** The credentials that were taken last, and those that were refused last. */
  let takenWith: string | undefined;
  let refusedWith: string | undefined;
  /** Requests under way whose signature may yet be refused, and those that wait because they are enough. */
  let doubtful = 0;
  let waiting: (() => void)[] = [];

  return {
    get state() {
      return state;
    },
    check,
    async run(ways, request) {
      while (!isProven() && doubtful > 0 && (doubtful + 1) * ways > maxRefusals - refusals) {
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
      doubtful += 1;
      try {
        return await attempt(ways, request);
      } finally {
        doubtful -= 1;
        const all = waiting;
        waiting = [];
        all.forEach((goOn) => goOn());
      }
    },
  };

  function isProven(): boolean {
    return state === 'PROVEN' && takenWith === credentials();
  }

  function check(): void {
    if (state !== 'SHUT' || now() >= probeAt || refusedWith !== credentials()) return;
    throw new UpstreamAuthError(
      'SIGNATURE',
      'the contact centre refused our signatures; nothing is sent before the next probe',
      { retryAfterMs: probeAt - now() },
    );
  }

  async function attempt<T>(ways: number, request: (way: number) => Promise<T>): Promise<T> {
    const begin = first;
    for (let tried = 1; ; tried += 1) {
      check();
      const way = (begin + tried - 1) % ways;
      const signedWith = credentials();
      try {
        const result = await request(way);
        taken(way, signedWith);
        return result;
      } catch (error) {
        if (!isRefusal(error)) throw error;
        first = (way + 1) % ways;
        refused(error.refusal === 'ADDRESS_LOCKED', signedWith);
        if (tried === ways || state === 'SHUT') throw error;
      }
    }
  }

  function taken(way: number, signedWith: string): void {
    first = way;
    takenWith = signedWith;
    refusals = 0;
    pauseMs = firstPauseMs;
    become('PROVEN');
  }

  function refused(locked: boolean, signedWith: string): void {
    refusedWith = signedWith;
    refusals += 1;
    if (!locked && refusals < maxRefusals) return become('UNPROVEN');
    probeAt = now() + pauseMs;
    pauseMs = Math.min(longestPauseMs, pauseMs * 2);
    become('SHUT');
  }

  function become(next: LockOutState): void {
    if (next === state) return;
    state = next;
    onChange(state);
  }
}

function isRefusal(error: unknown): error is UpstreamAuthError {
  return error instanceof UpstreamAuthError && error.refusal !== 'FIREWALL';
}
