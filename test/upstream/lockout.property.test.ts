import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { UpstreamAuthError, UpstreamUnavailableError } from '../../src/call/errors.js';
import { createLockoutGuard, type Permit, type PermitEnd, type SignatureState } from '../../src/upstream/lockout.js';
import { createTestClock, quiet } from '../support/traces.js';

const FIRST_PAUSE_MS = 30_000;
/** Where requests were only lost. */
const NO_ANSWER_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 600_000;

/** One thing that happens. Numbers choose among what is there. */
type Event =
  | { readonly kind: 'ask'; readonly leaves: boolean }
  | { readonly kind: 'end'; readonly which: number; readonly how: PermitEnd | 'ACCEPTED' }
  | { readonly kind: 'leave' }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'set wall clock'; readonly ms: number }
  | { readonly kind: 'change keys' };

const HOURS_MS = 3 * 3_600_000;
const ENDS = [
  'unwritten',
  'signature_refused',
  'signature_refused',
  'address_locked',
  'answered',
  'lost',
  'ACCEPTED',
] as const;

const EVENTS: fc.Arbitrary<Event[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('ask' as const), leaves: fc.boolean() }) },
    {
      weight: 6,
      arbitrary: fc.record({ kind: fc.constant('end' as const), which: fc.nat(50), how: fc.constantFrom(...ENDS) }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('leave' as const) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('pass' as const),
        ms: fc.constantFrom(1, 4_000, 29_999, 30_000, 120_000, 700_000),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('set wall clock' as const),
        ms: fc.integer({ min: -HOURS_MS, max: HOURS_MS }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('change keys' as const) }) },
  ),
  { minLength: 1, maxLength: 120 },
);

/** A permit, and what the play saw of it. */
interface Shown {
  readonly permit: Permit;
  /** The number of the pause that was over when it was given: it is a probe. Null: there was no pause. */
  readonly probeOf: number | null;
  /** The generation in which it was granted. */
  readonly generation: number;
  /** What it signs with, and how often that had been refused before it was given. */
  readonly key: string;
  readonly refusalsBefore: number;
}

/** A pause as it was told of. Instants are of the monotonic clock. */
interface Seen {
  kind: SignatureState;
  readonly at: number;
  readonly until: number;
  decisiveProbes: number;
}

/** A guard under test. It is judged by what it gives out and by what that comes to, not by what it counts itself. */
function createPlay(maxRefusals: number, pairs: number) {
  const clock = createTestClock();
  let keys = 0;
  let generation = 0;
  const pauses: Seen[] = [];
  const guard = createLockoutGuard(
    maxRefusals,
    pairs,
    () => `keys ${keys}`,
    clock,
    (state) => {
      if (guard.nextProbeInMs === null) return;
      const last = pauses.at(-1);
      const now = clock.monotonic();
      const until = now + guard.nextProbeInMs;
      if (last && until <= Math.max(last.until, now))
        last.kind = state; // the same pause: a lock became known
      else pauses.push({ kind: state, at: now, until, decisiveProbes: 0 });
    },
  );
  let inFlight: Shown[] = [];
  /** Trials of this generation that were refused or lost outside of a pause. */
  let refused = 0;
  let lost = 0;
  /** Pairs that were refused while proven: nothing more of them before a pause. */
  const barred = new Set<number>();
  const refusalsOf = new Map<string, number>();
  const leaving: AbortController[] = [];
  const errors: unknown[] = [];
  /** What `given` found wrong. */
  const violations: unknown[] = [];

  function given(permit: Permit): void {
    const isProbe = guard.nextProbeInMs !== null;
    const others = inFlight.filter((one) => one.permit.isTrial && one.generation === generation);
    if (isProbe) {
      expect(guard.nextProbeInMs).toBe(0);
      expect(permit.isTrial).toBe(true);
      expect(others).toEqual([]);
      expect(pauses.at(-1)?.decisiveProbes).toBe(0);
      const pause = pauses.at(-1);
      const leastMs = pause?.kind === 'NO_ANSWER' ? NO_ANSWER_PAUSE_MS : FIRST_PAUSE_MS;
      expect(clock.monotonic() - (pause?.at ?? 0)).toBeGreaterThanOrEqual(leastMs);
    } else {
      expect(barred).not.toContain(permit.pair);
      if (permit.isTrial) expect(refused + lost + others.length + 1).toBeLessThanOrEqual(maxRefusals);
    }
    const key = `${permit.pair} of keys ${keys}`;
    inFlight.push({
      permit,
      probeOf: isProbe ? pauses.length : null,
      generation,
      key,
      refusalsBefore: refusalsOf.get(key) ?? 0,
    });
  }

  async function play(event: Event): Promise<void> {
    switch (event.kind) {
      case 'ask': {
        const client = new AbortController();
        if (event.leaves) leaving.push(client);
        guard
          .take(client.signal)
          .then(given, (error: unknown) => errors.push(error))
          .catch((violation: unknown) => violations.push(violation));
        break;
      }
      case 'end':
        end(event.which, event.how);
        break;
      case 'leave':
        leaving.splice(0).forEach((client) => client.abort(new DOMException('gone', 'AbortError')));
        break;
      case 'pass':
        clock.advance(event.ms);
        break;
      case 'set wall clock':
        clock.setWall(clock.wall() + event.ms);
        break;
      case 'change keys':
        keys += 1;
        barred.clear();
    }
    await quiet();
    if (violations.length > 0) throw violations[0];
  }

  function end(which: number, how: PermitEnd | 'ACCEPTED'): void {
    const shown = inFlight[which % Math.max(1, inFlight.length)];
    if (!shown) return;
    inFlight = inFlight.filter((one) => one !== shown);
    const before = { pauses: pauses.length, state: guard.state, isPaused: guard.nextProbeInMs !== null };
    const isTrial = shown.permit.isTrial && shown.generation === generation;
    if (how === 'ACCEPTED') {
      shown.permit.end('answered');
      shown.permit.prove();
    } else shown.permit.end(how);

    const isRefusal = how === 'signature_refused' || how === 'address_locked';
    const refusals = refusalsOf.get(shown.key) ?? 0;
    if (isRefusal) refusalsOf.set(shown.key, refusals + 1);
    if (how === 'ACCEPTED' && shown.refusalsBefore !== refusals) expect(guard.state).toBe(before.state); // the key may have been revoked after it was accepted
    if (before.isPaused && shown.probeOf === before.pauses && (isRefusal || how === 'lost')) {
      const bought = pauses.at(before.pauses - 1);
      if (bought) bought.decisiveProbes += 1;
      expect(pauses.length).toBe(before.pauses + 1); // the next pause begins at once
    } else if (before.isPaused && before.state === 'NO_ANSWER' && how === 'address_locked') {
      expect(pauses.length).toBe(before.pauses + 1); // that of a lock is another one
    } else if (before.isPaused) {
      const isAnother = before.state === 'NO_ANSWER' && guard.state === 'REFUSED';
      expect(pauses.length).toBe(before.pauses + (isAnother ? 1 : 0)); // sent before the pause
    } else if (isTrial) {
      if (isRefusal) refused += 1;
      if (how === 'lost') lost += 1;
    }
    if (how === 'signature_refused' && !isTrial && before.state === 'PROVEN' && guard.state !== 'PROVEN') {
      barred.add(shown.permit.pair);
      refused = maxRefusals - (pairs - 1); // what is left is for the other pair
    }
    if (how === 'lost' && !before.isPaused && pauses.length > before.pauses) expect(refused + lost).toBe(maxRefusals);
    if (guard.state === 'PROVEN' && (how === 'ACCEPTED' || before.state !== 'PROVEN')) newSpell();
    if (pauses.length > before.pauses) judgePause();
  }

  function newSpell(): void {
    generation += 1;
    refused = 0;
    lost = 0;
    barred.clear();
  }

  function judgePause(): void {
    const lengthMs = guard.nextProbeInMs ?? 0;
    const isNoAnswer = guard.state === 'NO_ANSWER';
    expect(lengthMs).toBeGreaterThanOrEqual(isNoAnswer ? NO_ANSWER_PAUSE_MS : FIRST_PAUSE_MS);
    expect(lengthMs).toBeLessThanOrEqual(isNoAnswer ? FIRST_PAUSE_MS : LONGEST_PAUSE_MS);
    barred.clear();
  }

  /** Whoever asks while nothing is in flight is not kept waiting: a permit at once, or an error that says until when. */
  async function judgeRest(): Promise<void> {
    while (inFlight.length > 0) end(0, 'unwritten');
    await quiet();
    while (inFlight.length > 0) {
      end(0, 'unwritten'); // those who waited got theirs
      await quiet();
    }
    const asked = await Promise.race([guard.take().catch((error: unknown) => error), quiet().then(() => 'waits')]);
    expect(asked).not.toBe('waits');
    expect(violations).toEqual([]);
    for (const error of errors) {
      if ((error as Error).name === 'AbortError') continue;
      expect(error instanceof UpstreamAuthError || error instanceof UpstreamUnavailableError).toBe(true);
      expect((error as UpstreamAuthError).retryAfterMs).toBeGreaterThan(0);
    }
  }

  return { play, judgeRest, pauses, guard };
}

describe('the lockout guard, whatever happens', () => {
  it.each([
    [1, 1],
    [3, 1],
    [5, 1],
    [2, 2],
    [3, 2],
    [5, 2],
  ])(
    'of %i refusals and %i pairs shows no more signatures than may be refused, one for each pause, and none of a key that was refused',
    async (maxRefusals, pairs) => {
      await fc.assert(
        fc.asyncProperty(EVENTS, async (events) => {
          const game = createPlay(maxRefusals, pairs);
          for (const event of events) await game.play(event);
          await game.judgeRest();
        }),
        { numRuns: 500 },
      );
    },
  );

  it('names a pause that only lost requests caused no answer, and never a lock', async () => {
    const harmless = EVENTS.map((events) =>
      events.map((event) =>
        event.kind === 'end' && (event.how === 'signature_refused' || event.how === 'address_locked')
          ? { ...event, how: 'lost' as const }
          : event,
      ),
    );
    await fc.assert(
      fc.asyncProperty(harmless, async (events) => {
        const game = createPlay(3, 1);
        for (const event of events) await game.play(event);
        expect(game.pauses.filter(({ kind }) => kind !== 'NO_ANSWER')).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
