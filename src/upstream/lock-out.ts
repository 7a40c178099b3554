import { UpstreamAuthError, UpstreamRejectedError } from '../call/errors.js';

/** Keeps refused signatures from locking our address. */
export interface LockOutGuard {
  /** Throws an UpstreamAuthError while the guard is shut, and the next probe is not due. */
  check(): void;
  /**
   * Runs one request, signed in the way that was taken last; there are `ways` of them, and the next one is tried if the
   * one before is refused. Until a signature has been taken, no more go at once than may be refused: a wrong key must not
   * be shown twenty times before its first refusal is known. Errors: as `check`, with nothing sent; the signal's reason if
   * it aborts while the request waits for its turn; whatever the request throws.
   */
  run<T>(ways: number, signal: AbortSignal | undefined, request: (way: number) => Promise<T>): Promise<T>;
  readonly state: LockOutState;
}

/** `PROVEN`: the last signature was taken. `UNPROVEN`: none yet, or the last was refused. `SHUT`: too many were. */
export type LockOutState = 'PROVEN' | 'UNPROVEN' | 'SHUT';

export interface LockOutOptions {
  /** Refusals in a row after which the guard shuts; at least as many as there are ways, or the last is never tried. */
  readonly maxRefusals: number;
  /** Pause before the probe that may open it again; doubles with each failed one … Unit: ms. */
  readonly firstPauseMs: number;
  /** … up to this. Unit: ms. */
  readonly longestPauseMs: number;
  /** A signature that was taken proves the key for so long: it may be revoked while nothing is asked. Unit: ms. */
  readonly proofMs: number;
  /** What is signed with, as a text: changed ones are not proven, and are probed at once if the guard is shut. */
  readonly credentials: () => string;
  /** Unit: ms since 1970-01-01 UTC. */
  readonly now: () => number;
  /** Told at each change of state. */
  readonly onChange: (state: LockOutState) => void;
}

/**
 * One spell of signing in one way with the same credentials. A refusal ends it, and so do changed credentials; what
 * becomes of requests that were sent in it says nothing about the spell after it.
 */
interface Spell {
  readonly way: number;
  readonly credentials: string;
  /** Requests of this spell under way. */
  underWay: number;
  /** When a signature was taken last; -Infinity: not yet. Unit: ms since 1970-01-01 UTC. */
  takenAt: number;
  /** One may go, whatever is under way. */
  goesAtOnce: boolean;
}

/** Returns a guard. A refusal is an UpstreamAuthError by the signature check or the lock, not by a firewall. */
export function createLockOutGuard(options: LockOutOptions): LockOutGuard {
  const { maxRefusals, firstPauseMs, longestPauseMs, proofMs, credentials, now, onChange } = options;
  let state: LockOutState = 'UNPROVEN';
  let refusals = 0;
  let pauseMs = firstPauseMs;
  let probeAt = 0;
  let spell = begin(0);
  /** The credentials that were refused last. */
  let refusedWith: string | undefined;
  /** Requests under way, of whatever spell, and those that wait because they are enough. */
  let underWay = 0;
  let waiting: (() => void)[] = [];

  return {
    get state() {
      return state;
    },
    check,
    async run(ways, signal, request) {
      for (let tried = 1; ; tried += 1) {
        const outcome = await attempt(ways, signal, request);
        if ('result' in outcome) return outcome.result;
        if (tried === ways || !outcome.another) throw outcome.refusal;
      }
    },
  };

  function begin(way: number): Spell {
    // A proven key that was refused or replaced: one request finds out about its successor, whatever is under way.
    return { way, credentials: credentials(), underWay: 0, takenAt: -Infinity, goesAtOnce: state === 'PROVEN' };
  }

  /** One request in the way that is due: its result, or its refusal and whether another way is worth a try. Errors: as `run`. */
  async function attempt<T>(
    ways: number,
    signal: AbortSignal | undefined,
    request: (way: number) => Promise<T>,
  ): Promise<{ result: T } | { refusal: UpstreamAuthError; another: boolean }> {
    for (check(); !mayGo(ways); check()) await change(signal);
    const mine = spell;
    mine.goesAtOnce = false;
    mine.underWay += 1;
    underWay += 1;
    try {
      const result = await request(mine.way);
      taken(mine);
      return { result };
    } catch (error) {
      if (error instanceof UpstreamRejectedError) taken(mine); // only who may sign is told a result code
      if (!isRefusal(error)) throw error;
      refused(mine, ways, error.refusal === 'ADDRESS_LOCKED');
      return { refusal: error, another: spell.way !== mine.way && !isLeftAlone() };
    } finally {
      mine.underWay -= 1;
      underWay -= 1;
      const all = waiting;
      waiting = [];
      all.forEach((goOn) => goOn());
    }
  }

  function check(): void {
    if (spell.credentials !== credentials()) spell = begin(spell.way);
    if (!isLeftAlone()) return;
    throw new UpstreamAuthError(
      'SIGNATURE',
      'the contact centre refused our signatures; nothing is sent before the next probe',
      { retryAfterMs: probeAt - now() },
    );
  }

  /** Shut, and neither is the probe due nor have the keys been changed. */
  function isLeftAlone(): boolean {
    return state === 'SHUT' && now() < probeAt && spell.credentials === refusedWith;
  }

  function mayGo(ways: number): boolean {
    const proven = state === 'PROVEN' && now() - spell.takenAt < proofMs;
    return proven || spell.goesAtOnce || underWay === 0 || (underWay + 1) * ways <= maxRefusals - refusals;
  }

  /** Resolves when a request has ended. Rejects with the signal's reason if that aborts before. */
  function change(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    return new Promise((resolve, reject) => {
      const leave = (): void => reject(signal?.reason as Error);
      signal?.addEventListener('abort', leave, { once: true });
      waiting.push(() => {
        signal?.removeEventListener('abort', leave);
        resolve();
      });
    });
  }

  function taken(by: Spell): void {
    if (by !== spell) return; // sent before a refusal: the key may have been revoked since
    spell.takenAt = now();
    refusals = 0;
    pauseMs = firstPauseMs;
    become('PROVEN');
  }

  function refused(by: Spell, ways: number, locked: boolean): void {
    const late = by !== spell;
    if (late && state === 'PROVEN' && !locked) return; // its key has been replaced by one that is taken
    refusals += 1;
    if (locked) {
      // Against our address, whatever was signed with.
      refusedWith = credentials();
      spell = begin(spell.way);
      spell.goesAtOnce = false;
    } else if (!late) {
      refusedWith = by.credentials;
      spell = begin((by.way + 1) % ways);
      spell.goesAtOnce &&= ways > 1;
    }
    // Another key that is on its way, or about to be, may open what late refusals would shut. And while it is shut, only
    // the refusal of a probe makes the pause longer: others were under way when it was shut.
    const isTried = late && (spell.goesAtOnce || spell.underWay > 0);
    const shuts = state === 'SHUT' ? !late && now() >= probeAt : locked || (refusals >= maxRefusals && !isTried);
    if (shuts) {
      probeAt = now() + pauseMs;
      pauseMs = Math.min(longestPauseMs, pauseMs * 2);
    }
    if (shuts || state !== 'SHUT') become(shuts ? 'SHUT' : 'UNPROVEN');
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
