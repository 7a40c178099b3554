import { describe, expect, it } from '@jest/globals';
import { createLockoutGuard, type Permit, type SignatureState } from '../../src/upstream/lockout.js';
import { createTestClock, quiet } from '../support/traces.js';

const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 600_000;
const PROOF_MS = 30_000;

/** A guard, its clock and its keys. */
function createGuarded({ maxRefusals = 3, pairs = 1 } = {}) {
  const clock = createTestClock();
  let keys = 'first';
  const states: SignatureState[] = [];
  const guard = createLockoutGuard(
    maxRefusals,
    pairs,
    () => keys,
    clock,
    (state) => void states.push(state),
  );
  async function accept(permit?: Permit): Promise<void> {
    const accepted = permit ?? (await guard.take());
    accepted.end('answered');
    accepted.prove();
  }
  /** As many permits as there are to be had without waiting. */
  async function takeAll(wished = 20): Promise<Permit[]> {
    const taken: Permit[] = [];
    for (let n = 0; n < wished; n += 1)
      guard.take(leaving.signal).then(
        (permit) => taken.push(permit),
        () => undefined,
      );
    await quiet();
    leaving.abort();
    leaving = new AbortController();
    await quiet();
    return taken;
  }
  let leaving = new AbortController();
  return { guard, clock, states, accept, takeAll, changeKeys: (to: string) => void (keys = to) };
}

/** How long the guard sends nothing. */
function pauseMs({ guard }: Pick<ReturnType<typeof createGuarded>, 'guard'>): number {
  return guard.nextProbeInMs ?? NaN;
}

/** Uses all trials up by refusals. */
async function refuseAll({ takeAll }: ReturnType<typeof createGuarded>): Promise<void> {
  (await takeAll()).forEach((permit) => permit.end('signature_refused'));
}

describe('a guard whose key is not proven', () => {
  it('gives as many permits as may be refused', async () => {
    const { takeAll } = createGuarded();
    expect(await takeAll()).toHaveLength(3);
  });

  it('counts a client that left without knowing its status for a refusal', async () => {
    const { takeAll, guard } = createGuarded();
    const [first, second] = await takeAll();
    first?.end('lost');
    second?.end('signature_refused');
    expect(await takeAll()).toHaveLength(0); // the third is under way
    expect(guard.state).toBe('UNPROVEN');
  });

  it.each(['unwritten', 'answered'] as const)('gives a permit back that ended %s', async (how) => {
    const { takeAll } = createGuarded();
    (await takeAll()).forEach((permit) => permit.end(how));
    expect(await takeAll()).toHaveLength(3);
  });

  it('counts the first end of a permit alone', async () => {
    const { takeAll } = createGuarded();
    const [first] = await takeAll();
    first?.end('answered');
    first?.end('unwritten');
    first?.end('signature_refused');
    expect(await takeAll()).toHaveLength(1);
    expect(await takeAll()).toHaveLength(0);
  });

  it('lets everybody through once one is accepted, whoever waited included', async () => {
    const { takeAll, accept, guard, states } = createGuarded();
    const [first] = await takeAll();
    const waiting = Array.from({ length: 20 }, () => guard.take());
    await accept(first);
    const permits = await Promise.all(waiting);
    expect(permits.map(({ isTrial }) => isTrial)).toEqual(Array(20).fill(false));
    expect(states).toEqual(['PROVEN']);
  });

  it('lets a client leave that waits for a permit', async () => {
    const { takeAll, guard } = createGuarded({ maxRefusals: 1 });
    await takeAll();
    const client = new AbortController();
    const waits = guard.take(client.signal);
    const gone = new Error('gone');
    client.abort(gone);
    await expect(waits).rejects.toBe(gone);
  });
});

describe('a signature that is accepted', () => {
  it('proves nothing if its key was refused after it was sent, though an older request found that out', async () => {
    const { guard, takeAll, accept } = createGuarded({ maxRefusals: 5 });
    const [first, second] = await takeAll(2);
    first?.end('signature_refused');
    const [third] = await takeAll(1);
    second?.end('signature_refused');
    await accept(third);
    expect(guard.state).toBe('UNPROVEN');
  });

  it('proves nothing if the address was locked after it was sent, whoever found that out', async () => {
    const { guard, takeAll, accept } = createGuarded({ pairs: 2 });
    await accept();
    const [first, second] = await takeAll();
    first?.end('signature_refused');
    const [other] = await takeAll();
    expect(other?.pair).toBe(1);
    second?.end('address_locked');
    await accept(other);
    expect(guard.state).toBe('LOCKED');
  });
});

describe('a guard in a pause', () => {
  it('sends nothing for 30 s, says so, and then one probe at a time', async () => {
    const guarded = createGuarded();
    const { guard, clock, takeAll } = guarded;
    await refuseAll(guarded);
    expect(guard.state).toBe('REFUSED');
    expect(() => guard.check()).toThrow(
      expect.objectContaining({ refusal: 'signature_refused', retryAfterMs: FIRST_PAUSE_MS }),
    );
    await expect(guard.take()).rejects.toMatchObject({ name: 'UpstreamAuthError' });
    clock.advance(FIRST_PAUSE_MS);
    const [probe, ...others] = await takeAll();
    expect(others).toEqual([]);
    probe?.end('answered');
    expect(await takeAll()).toHaveLength(1);
  });

  it('pauses twice as long after each refused probe, up to ten minutes, and anew after an accepted one', async () => {
    const guarded = createGuarded();
    const { clock, takeAll, accept, guard } = guarded;
    await refuseAll(guarded);
    const pauses: number[] = [];
    for (let n = 0; n < 7; n += 1) {
      pauses.push(pauseMs(guarded));
      clock.advance(pauseMs(guarded));
      (await takeAll())[0]?.end('signature_refused');
    }
    expect(pauses).toEqual([30, 60, 120, 240, 480, 600, 600].map((seconds) => seconds * 1_000));
    expect(Math.max(...pauses)).toBe(LONGEST_PAUSE_MS);
    clock.advance(pauseMs(guarded));
    await accept();
    expect(guard.nextProbeInMs).toBeNull();
    clock.advance(PROOF_MS);
    await refuseAll(guarded);
    expect(pauseMs(guarded)).toBe(FIRST_PAUSE_MS);
  });

  it('repeats the same pause after a probe without an answer', async () => {
    const guarded = createGuarded();
    await refuseAll(guarded);
    guarded.clock.advance(FIRST_PAUSE_MS);
    (await guarded.takeAll())[0]?.end('lost');
    expect(pauseMs(guarded)).toBe(FIRST_PAUSE_MS);
    expect(guarded.guard.state).toBe('REFUSED');
  });

  it('names it no answer if nothing but requests without one caused it, and makes it as long as that of a circuit breaker', async () => {
    const guarded = createGuarded();
    const { guard, clock, takeAll } = guarded;
    (await takeAll()).forEach((permit) => permit.end('lost'));
    expect(guard.state).toBe('NO_ANSWER');
    expect(() => guard.check()).toThrow(expect.objectContaining({ name: 'UpstreamUnavailableError' }));
    const pauses = [pauseMs(guarded)];
    for (let probes = 0; probes < 6; probes += 1) {
      clock.advance(pauseMs(guarded));
      (await takeAll())[0]?.end('lost');
      pauses.push(pauseMs(guarded));
    }
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, FIRST_PAUSE_MS, FIRST_PAUSE_MS]);
    expect(guard.state).toBe('NO_ANSWER');
  });

  it('is one for refusals if any was refused, however many were lost', async () => {
    const guarded = createGuarded();
    const [first, ...others] = await guarded.takeAll();
    first?.end('signature_refused');
    others.forEach((permit) => permit.end('lost'));
    expect([guarded.guard.state, pauseMs(guarded)]).toEqual(['REFUSED', FIRST_PAUSE_MS]);
  });

  it('becomes one for refusals once its probe is refused, though it was for no answer', async () => {
    const guarded = createGuarded();
    (await guarded.takeAll()).forEach((permit) => permit.end('lost'));
    guarded.clock.advance(pauseMs(guarded));
    (await guarded.takeAll())[0]?.end('signature_refused');
    expect([guarded.guard.state, pauseMs(guarded)]).toEqual(['REFUSED', FIRST_PAUSE_MS]);
  });

  it('is named a lock once a request that was sent before it meets one', async () => {
    const { guard, accept, takeAll, states } = createGuarded();
    await accept();
    const [first, second] = await takeAll();
    first?.end('signature_refused');
    second?.end('address_locked');
    expect(guard.state).toBe('LOCKED');
    expect(states).toEqual(['PROVEN', 'REFUSED', 'LOCKED']);
  });

  it('begins at once when the address is locked, and is named so', async () => {
    const { guard, takeAll, states, accept } = createGuarded();
    await accept();
    const [first, second] = await takeAll();
    first?.end('address_locked');
    expect(guard.state).toBe('LOCKED');
    await accept(second); // it was sent before
    expect(states).toEqual(['PROVEN', 'LOCKED']);
    expect(() => guard.check()).toThrow(expect.objectContaining({ refusal: 'address_locked' }));
  });

  it.each(['LOCKED', 'REFUSED'] as const)(
    'is one of 30 s once a request that was sent before it is %s',
    async (how) => {
      const guarded = createGuarded();
      const { guard, clock, takeAll, accept } = guarded;
      await accept();
      const [underWay] = await takeAll(1);
      clock.advance(PROOF_MS);
      (await takeAll()).forEach((permit) => permit.end('lost'));
      expect(guard.state).toBe('NO_ANSWER');
      underWay?.end(how === 'REFUSED' ? 'signature_refused' : 'address_locked');
      expect([guard.state, pauseMs(guarded)]).toEqual([how, FIRST_PAUSE_MS]);
    },
  );

  it.each([7_200_000, -7_200_000])('ends when it is over, though the wall clock is set by %i ms', async (ms) => {
    const guarded = createGuarded();
    const { clock, guard, takeAll } = guarded;
    await refuseAll(guarded);
    clock.setWall(clock.wall() + ms);
    await expect(guard.take()).rejects.toMatchObject({ retryAfterMs: FIRST_PAUSE_MS });
    clock.advance(FIRST_PAUSE_MS);
    expect(await takeAll()).toHaveLength(1);
  });
});

describe('a guard whose key was proven', () => {
  it('sends nothing more with it once it is refused: only what was under way may still be', async () => {
    const { guard, accept, takeAll, states } = createGuarded();
    await accept();
    const underWay = await takeAll();
    expect(underWay).toHaveLength(20);
    underWay[0]?.end('signature_refused');
    expect(guard.state).toBe('REFUSED');
    underWay.slice(1).forEach((permit) => permit.end('signature_refused'));
    expect(states).toEqual(['PROVEN', 'REFUSED']);
  });

  it('does not let those under way lengthen the pause, or end it', async () => {
    const guarded = createGuarded();
    await guarded.accept();
    const [first, second, third] = await guarded.takeAll();
    first?.end('signature_refused');
    guarded.clock.advance(1_000);
    second?.end('signature_refused');
    await guarded.accept(third);
    expect(pauseMs(guarded)).toBe(FIRST_PAUSE_MS - 1_000);
    expect(guarded.guard.state).toBe('REFUSED');
  });

  it('does not count requests without an answer', async () => {
    const { guard, accept, takeAll } = createGuarded();
    await accept();
    (await takeAll()).forEach((permit) => permit.end('lost'));
    expect(guard.state).toBe('PROVEN');
    expect(await takeAll()).toHaveLength(20);
  });

  it('takes it for unproven after 30 s without an accepted signature: it may have been revoked', async () => {
    const { accept, clock, takeAll, guard } = createGuarded();
    await accept();
    clock.advance(PROOF_MS - 1);
    expect(await takeAll()).toHaveLength(20);
    clock.advance(1);
    expect(await takeAll()).toHaveLength(3);
    expect(guard.state).toBe('PROVEN');
  });

  it('counts trials from before the proof neither as refused nor as lost later', async () => {
    const { accept, clock, takeAll, guard } = createGuarded();
    const [first, second, third] = await takeAll();
    await accept(first);
    clock.advance(PROOF_MS);
    second?.end('lost');
    third?.end('lost');
    expect(await takeAll()).toHaveLength(3);
    expect(guard.state).toBe('PROVEN');
  });
});

describe('a guard with two pairs of keys', () => {
  it('keeps one trial for the second pair', async () => {
    const { takeAll } = createGuarded({ pairs: 2 });
    const first = await takeAll();
    expect(first.map(({ pair }) => pair)).toEqual([0, 0]);
    first.forEach((permit) => permit.end('signature_refused'));
    expect((await takeAll()).map(({ pair }) => pair)).toEqual([1]);
  });

  it('says whether the other may be tried at once', async () => {
    const { guard, takeAll } = createGuarded({ pairs: 2 });
    const [first] = await takeAll();
    expect(guard.hasOtherPair(0)).toBe(false);
    first?.end('signature_refused');
    expect(guard.hasOtherPair(0)).toBe(true);
  });

  it('changes to the other when the proven one is refused, whatever is under way, and keeps it', async () => {
    const { guard, accept, takeAll, states, clock } = createGuarded({ pairs: 2 });
    await accept();
    const underWay = await takeAll();
    underWay[0]?.end('signature_refused');
    const [trial, ...others] = await takeAll();
    expect([trial?.pair, others]).toEqual([1, []]);
    underWay.slice(1, 10).forEach((permit) => permit.end('signature_refused'));
    await accept(trial);
    underWay.slice(10).forEach((permit) => permit.end('signature_refused'));
    expect(guard.state).toBe('PROVEN');
    expect(states).toEqual(['PROVEN', 'UNPROVEN', 'PROVEN']);
    expect(new Set((await takeAll()).map(({ pair }) => pair))).toEqual(new Set([1]));
    clock.advance(PROOF_MS);
    expect(await takeAll()).toHaveLength(2); // the refusals of the other are not held against it
  });

  it('takes the other for proven though the first is refused meanwhile', async () => {
    const { guard, takeAll, accept } = createGuarded({ pairs: 2, maxRefusals: 5 });
    const [first, second] = await takeAll(2);
    first?.end('signature_refused');
    const [other] = await takeAll(1);
    second?.end('signature_refused');
    await accept(other);
    expect([other?.pair, guard.state]).toEqual([1, 'PROVEN']);
  });

  it('probes with the one that was not refused last', async () => {
    const guarded = createGuarded({ pairs: 2, maxRefusals: 2 });
    const { takeAll, clock } = guarded;
    for (const pair of [0, 1]) {
      const [permit] = await takeAll();
      expect(permit?.pair).toBe(pair);
      permit?.end('signature_refused');
    }
    clock.advance(pauseMs(guarded));
    const [probe] = await takeAll();
    expect(probe?.pair).toBe(0);
    probe?.end('signature_refused');
    clock.advance(pauseMs(guarded));
    expect((await takeAll())[0]?.pair).toBe(1);
  });
});

describe('a guard whose keys are changed', () => {
  it('takes the new ones for unproven', async () => {
    const { accept, takeAll, changeKeys } = createGuarded();
    await accept();
    changeKeys('second');
    expect(await takeAll()).toHaveLength(3);
  });

  it('probes them 30 s after the last refusal, never at once, and once', async () => {
    const guarded = createGuarded();
    const { clock, takeAll, changeKeys, guard } = guarded;
    await refuseAll(guarded);
    clock.advance(FIRST_PAUSE_MS);
    (await takeAll())[0]?.end('signature_refused');
    expect(pauseMs(guarded)).toBe(2 * FIRST_PAUSE_MS);
    clock.advance(1_000);
    changeKeys('second');
    await expect(guard.take()).rejects.toMatchObject({ retryAfterMs: FIRST_PAUSE_MS - 1_000 });
    clock.advance(FIRST_PAUSE_MS - 1_000);
    expect(await takeAll()).toHaveLength(1);
  });

  it('counts those 30 s from the last refusal, of a request sent before the pause included', async () => {
    const { accept, takeAll, clock, changeKeys, guard } = createGuarded();
    await accept();
    const [first, second] = await takeAll();
    first?.end('signature_refused');
    clock.advance(FIRST_PAUSE_MS);
    (await takeAll())[0]?.end('signature_refused');
    clock.advance(3_000);
    second?.end('signature_refused');
    changeKeys('second');
    await expect(guard.take()).rejects.toMatchObject({ retryAfterMs: FIRST_PAUSE_MS });
  });

  it('takes nothing that was accepted before for a proof of the new ones', async () => {
    const { accept, takeAll, changeKeys, guard } = createGuarded();
    const [before] = await takeAll();
    changeKeys('second');
    guard.check();
    await accept(before);
    expect(guard.state).toBe('UNPROVEN');
  });
});
