import { UpstreamAuthError } from '../call/errors.js';

/** Keeps refused signatures from locking our address. */
export interface LockOutGuard {
  /**
   * Runs one signed request. Until one has succeeded, requests go one at a time: a wrong key must not be shown twenty
   * times at once. Errors: UpstreamAuthError at once, with nothing sent, while the guard is shut.
   */
  run<T>(work: () => Promise<T>): Promise<T>;
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
  /** Unit: ms since 1970-01-01 UTC. */
  readonly now: () => number;
  /** Told at each change of state. */
  readonly onChange: (state: LockOutState) => void;
}

/** Returns a guard. A refusal is an UpstreamAuthError by the signature check or the lock, not by a firewall. */
export function createLockOutGuard(options: LockOutOptions): LockOutGuard {
  const { maxRefusals, firstPauseMs, longestPauseMs, now, onChange } = options;
  let state: LockOutState = 'UNPROVEN';
  let refusals = 0;
  let pauseMs = firstPauseMs;
  let probeAt = 0;
  /** The end of the line of those who wait to be the one that goes. */
  let line: Promise<unknown> = Promise.resolve();

  return {
    get state() {
      return state;
    },
    run: (work) => (state === 'PROVEN' ? attempt(work) : inLine(work)),
  };

  /** One after the other; as soon as one has succeeded, all behind it go at once. */
  async function inLine<T>(work: () => Promise<T>): Promise<T> {
    const before = line;
    let leave = (): void => undefined;
    line = new Promise<void>((resolve) => (leave = resolve));
    await before;
    if (state === 'PROVEN') {
      leave();
      return attempt(work);
    }
    try {
      return await attempt(work);
    } finally {
      leave();
    }
  }

  async function attempt<T>(work: () => Promise<T>): Promise<T> {
    if (state === 'SHUT' && now() < probeAt) {
      const retryAfterMs = probeAt - now();
      throw new UpstreamAuthError('SIGNATURE', 'the contact centre refused our signatures; nothing is sent until the next probe', { retryAfterMs });
    }
    try {
      const result = await work();
      accepted();
      return result;
    } catch (error) {
      if (isRefusal(error)) refused(error.refusal === 'ADDRESS_LOCKED');
      throw error;
    }
  }

  function accepted(): void {
    refusals = 0;
    pauseMs = firstPauseMs;
    become('PROVEN');
  }

  function refused(locked: boolean): void {
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
