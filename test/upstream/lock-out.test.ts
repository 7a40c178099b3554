import { describe, expect, it } from '@jest/globals';
import {
  UpstreamAuthError,
  UpstreamRejectedError,
  UpstreamTimeoutError,
  type AuthRefusal,
} from '../../src/call/errors.js';
import { createLockOutGuard, type LockOutOptions, type LockOutState } from '../../src/upstream/lock-out.js';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 4_000;
const PROOF_MS = 60_000;

/** A guard, its clock, and a contact centre that takes or refuses what it is shown. */
function createGuarded(options: Partial<LockOutOptions> = {}) {
  const states: LockOutState[] = [];
  const shown: number[] = [];
  let now = 1_000_000;
  let credentials = 'first';
  let answer: (way: number) => Promise<string> = () => Promise.resolve('taken');
  let underWay = 0;
  let peak = 0;
  const guard = createLockOutGuard({
    maxRefusals: 3,
    firstPauseMs: FIRST_PAUSE_MS,
    longestPauseMs: LONGEST_PAUSE_MS,
    proofMs: PROOF_MS,
    credentials: () => credentials,
    now: () => now,
    onChange: (state) => states.push(state),
    ...options,
  });

  return {
    guard,
    /** Every change of state, in order. */
    states,
    /** The ways in which requests were signed, in order. */
    shown,
    get peak() {
      return peak;
    },
    pass: (ms: number) => void (now += ms),
    changeCredentials: (text: string) => void (credentials = text),
    answerWith: (change: typeof answer) => void (answer = change),
    /** One request that may be signed in so many ways. */
    ask: (ways = 1, signal?: AbortSignal): Promise<string> =>
      guard.run(ways, signal, async (way) => {
        shown.push(way);
        underWay += 1;
        peak = Math.max(peak, underWay);
        try {
          await turn();
          return await answer(way);
        } finally {
          underWay -= 1;
        }
      }),
  };
}

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

const refuse = (refusal: AuthRefusal = 'SIGNATURE') => Promise.reject(new UpstreamAuthError(refusal, 'refused'));

function manyOf(ask: () => Promise<string>, count: number) {
  return Promise.allSettled(Array.from({ length: count }, () => ask()));
}

describe('createLockOutGuard', () => {
  it.each([1, 2, 3, 7])('shows a wrong key %i times, however many ask at once', async (maxRefusals) => {
    const { ask, answerWith, shown, guard, peak } = createGuarded({ maxRefusals });
    answerWith(() => refuse());
    const outcomes = await manyOf(ask, 500);
    expect(shown).toHaveLength(maxRefusals);
    expect(peak).toBeLessThanOrEqual(maxRefusals);
    expect(guard.state).toBe('SHUT');
    for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: { code: 'UPSTREAM_AUTH_FAILED' } });
  });

  it('shows no more in all when there are two wrong keys', async () => {
    const { ask, answerWith, shown } = createGuarded();
    answerWith(() => refuse());
    await manyOf(() => ask(2), 500);
    expect(shown).toHaveLength(3);
  });

  it('lets all go once a signature was taken', async () => {
    const guarded = createGuarded();
    await guarded.ask();
    expect(guarded.guard.state).toBe('PROVEN');
    await manyOf(guarded.ask, 100);
    expect(guarded.peak).toBe(100);
    expect(guarded.states).toEqual(['PROVEN']);
  });

  it('lets those go on that waited for the first signature to be taken', async () => {
    const guarded = createGuarded();
    const outcomes = await manyOf(guarded.ask, 100);
    expect(outcomes.every((outcome) => outcome.status === 'fulfilled')).toBe(true);
    expect(guarded.shown).toHaveLength(100);
  });

  it('holds those back that come after a refusal, until a signature is taken', async () => {
    const guarded = createGuarded();
    await guarded.ask();
    guarded.answerWith(() => refuse());
    await expect(guarded.ask()).rejects.toThrow(UpstreamAuthError);
    expect(guarded.guard.state).toBe('UNPROVEN');
    await manyOf(guarded.ask, 100);
    expect(guarded.shown).toHaveLength(4);
    expect(guarded.states).toEqual(['PROVEN', 'UNPROVEN', 'SHUT']);
  });

  it('sends nothing while it is shut, and says until when', async () => {
    const { guard, ask, answerWith, shown, pass } = createGuarded({ maxRefusals: 1 });
    answerWith(() => refuse());
    await expect(ask()).rejects.toThrow('refused');
    pass(FIRST_PAUSE_MS - 1);
    expect(() => guard.check()).toThrow('nothing is sent before the next probe');
    await expect(ask()).rejects.toMatchObject({ refusal: 'SIGNATURE', retryAfterMs: 1, retryable: false });
    expect(shown).toHaveLength(1);
  });

  it('probes with one request after the pause, which doubles up to the longest', async () => {
    const { ask, answerWith, shown, pass } = createGuarded({ maxRefusals: 1 });
    answerWith(() => refuse());
    await manyOf(ask, 10);
    for (const pauseMs of [1_000, 2_000, 4_000, 4_000]) {
      const before = shown.length;
      pass(pauseMs - 1);
      await manyOf(ask, 10);
      expect(shown).toHaveLength(before);
      pass(1);
      await manyOf(ask, 10);
      expect(shown).toHaveLength(before + 1);
    }
  });

  it('opens for all when the probe is taken, and begins with the short pause again', async () => {
    const { guard, ask, answerWith, shown, pass, states } = createGuarded({ maxRefusals: 1 });
    answerWith(() => refuse());
    await manyOf(ask, 5);
    pass(FIRST_PAUSE_MS);
    await manyOf(ask, 5);
    pass(2 * FIRST_PAUSE_MS);
    answerWith(() => Promise.resolve('taken'));
    const outcomes = await manyOf(ask, 5);
    expect(outcomes.every((outcome) => outcome.status === 'fulfilled')).toBe(true);
    expect(shown).toHaveLength(1 + 1 + 5);
    expect(states).toEqual(['SHUT', 'PROVEN']);

    answerWith(() => refuse());
    await expect(ask()).rejects.toThrow('refused');
    pass(FIRST_PAUSE_MS);
    expect(() => guard.check()).not.toThrow();
  });

  it('stays shut for others while a probe is under way', async () => {
    const { ask, answerWith, shown, pass } = createGuarded({ maxRefusals: 1 });
    answerWith(() => refuse());
    await manyOf(ask, 1);
    pass(FIRST_PAUSE_MS);
    let land = (): void => undefined;
    answerWith(() => new Promise((resolve) => (land = () => resolve('taken'))));
    const outcomes = manyOf(ask, 10);
    await turn();
    await turn();
    expect(shown).toHaveLength(2);
    answerWith(() => Promise.resolve('taken'));
    land();
    expect((await outcomes).every((outcome) => outcome.status === 'fulfilled')).toBe(true);
  });

  it('is shut by the first word of a lock', async () => {
    const { guard, ask, answerWith, shown } = createGuarded({ maxRefusals: 50 });
    await ask();
    answerWith(() => refuse('ADDRESS_LOCKED'));
    await expect(ask()).rejects.toMatchObject({ refusal: 'ADDRESS_LOCKED' });
    expect(guard.state).toBe('SHUT');
    await manyOf(ask, 20);
    expect(shown).toHaveLength(2);
  });

  it('takes a failing result code for a signature that was taken', async () => {
    const { guard, ask, answerWith } = createGuarded();
    answerWith(() => Promise.reject(new UpstreamRejectedError('0101003', { retryable: false })));
    await expect(ask()).rejects.toThrow('0101003');
    expect(guard.state).toBe('PROVEN');
  });

  it.each([
    ['a firewall', () => refuse('FIREWALL')],
    ['a timeout', () => Promise.reject(new UpstreamTimeoutError('no answer'))],
    ['a bug of ours', () => Promise.reject(new TypeError('bug'))],
  ])('takes %s for no refusal of a signature', async (_, failure) => {
    const { guard, ask, answerWith, shown, states } = createGuarded();
    answerWith(failure);
    const outcomes = await manyOf(ask, 20);
    expect(outcomes.every((outcome) => outcome.status === 'rejected')).toBe(true);
    expect(shown).toHaveLength(20);
    expect(guard.state).toBe('UNPROVEN');
    expect(states).toEqual([]);
  });
});

describe('requests under way when a key is revoked', () => {
  /** So many under way with a key that was taken before; each lands when the test says how. */
  async function underWay(count: number, options?: Partial<LockOutOptions>, ways = 1) {
    const guarded = createGuarded(options);
    await guarded.ask(ways);
    const landings: ((answer: Promise<string>) => void)[] = [];
    guarded.answerWith(() => new Promise((resolve) => landings.push(resolve)));
    const outcomes = manyOf(() => guarded.ask(ways), count);
    await turn();
    await turn();
    guarded.shown.length = 0;
    return { ...guarded, landings, outcomes };
  }

  it('put off the first probe no further, however many are refused', async () => {
    const { guard, ask, answerWith, landings, outcomes, pass, shown } = await underWay(20);
    landings.forEach((land) => land(refuse()));
    await outcomes;
    expect(guard.state).toBe('SHUT');
    answerWith(() => Promise.resolve('taken'));
    pass(FIRST_PAUSE_MS - 1);
    await expect(ask()).rejects.toMatchObject({ retryAfterMs: 1 });
    pass(1);
    expect(await ask()).toBe('taken');
    expect(shown).toHaveLength(1);
  });

  it('put it off no further if they are refused when it is due', async () => {
    const { guard, landings, pass } = await underWay(4);
    landings.slice(1).forEach((land) => land(refuse()));
    await turn();
    await turn();
    expect(guard.state).toBe('SHUT');
    pass(FIRST_PAUSE_MS);
    landings[0]?.(refuse());
    await turn();
    await turn();
    expect(() => guard.check()).not.toThrow();
  });

  it('prove nothing if they are taken after another was refused', async () => {
    const { guard, landings, outcomes, ask, answerWith, shown } = await underWay(10);
    landings[0]?.(refuse());
    await turn();
    landings.slice(1).forEach((land) => land(Promise.resolve('taken')));
    await outcomes;
    expect(guard.state).toBe('UNPROVEN');
    answerWith(() => refuse());
    await manyOf(ask, 100);
    expect(shown).toHaveLength(2); // with the first, as many as may be refused
  });

  it('let one request try the other key at once, and follow it', async () => {
    const { states, landings, outcomes, answerWith, shown } = await underWay(20, {}, 2);
    let land = (): void => undefined;
    answerWith((way) => (way === 1 ? new Promise((resolve) => (land = () => resolve('taken'))) : refuse()));
    landings[0]?.(refuse());
    await turn();
    await turn();
    expect(shown).toEqual([1]);
    landings.slice(1).forEach((one) => one(refuse()));
    await turn();
    await turn();
    expect(shown).toEqual([1]);
    answerWith((way) => (way === 1 ? Promise.resolve('taken') : refuse()));
    land();
    expect((await outcomes).every((outcome) => outcome.status === 'fulfilled')).toBe(true);
    expect(states).toEqual(['PROVEN', 'UNPROVEN', 'PROVEN']);
    expect(shown).toEqual(Array(20).fill(1));
  });

  it('do not shut it if they are refused once the other key is taken', async () => {
    const { guard, landings, outcomes, answerWith, states } = await underWay(20, {}, 2);
    answerWith((way) => (way === 1 ? Promise.resolve('taken') : refuse()));
    landings[0]?.(refuse());
    await turn();
    await turn();
    expect(guard.state).toBe('PROVEN');
    landings.slice(1).forEach((land) => land(refuse()));
    expect((await outcomes).every((outcome) => outcome.status === 'fulfilled')).toBe(true);
    expect(states).toEqual(['PROVEN', 'UNPROVEN', 'PROVEN']);
  });

  it('show the other key to nobody else if that is refused, too', async () => {
    const { landings, outcomes, answerWith, shown } = await underWay(20, {}, 2);
    answerWith(() => refuse());
    landings.forEach((land) => land(refuse()));
    expect((await outcomes).every((outcome) => outcome.status === 'rejected')).toBe(true);
    expect(shown).toEqual([1]);
  });
});

describe('a key that was taken long ago', () => {
  it('is shown as one that is not proven, for it may have been revoked meanwhile', async () => {
    const { ask, answerWith, shown, pass, guard } = createGuarded();
    await ask();
    pass(PROOF_MS);
    answerWith(() => refuse());
    await manyOf(ask, 100);
    expect(shown).toHaveLength(1 + 3);
    expect(guard.state).toBe('SHUT');
  });

  it('holds nobody back a moment before', async () => {
    const guarded = createGuarded();
    await guarded.ask();
    guarded.pass(PROOF_MS - 1);
    await manyOf(guarded.ask, 100);
    expect(guarded.peak).toBe(100);
  });
});

describe('a request that waits for a signature to be taken', () => {
  it('leaves when its client does, and is not sent', async () => {
    const { ask, answerWith, shown } = createGuarded({ maxRefusals: 1 });
    let land = (): void => undefined;
    answerWith(() => new Promise((resolve) => (land = () => resolve('taken'))));
    const first = ask();
    await turn();
    await turn();
    const client = new AbortController();
    const waits = ask(1, client.signal);
    const gone = new Error('gone');
    client.abort(gone);
    await expect(waits).rejects.toBe(gone);
    land();
    expect(await first).toBe('taken');
    expect(shown).toHaveLength(1);
  });

  it('does not begin to wait if its client has left', async () => {
    const { ask, answerWith } = createGuarded({ maxRefusals: 1 });
    answerWith(() => new Promise(() => undefined));
    void ask();
    const gone = new Error('gone');
    await expect(ask(1, AbortSignal.abort(gone))).rejects.toBe(gone);
  });
});

describe('a guard with two keys', () => {
  it('keeps its key when the address is locked, for that says nothing of the key', async () => {
    const { ask, answerWith, shown, pass } = createGuarded();
    answerWith(() => refuse('ADDRESS_LOCKED'));
    await expect(ask(2)).rejects.toMatchObject({ refusal: 'ADDRESS_LOCKED' });
    pass(FIRST_PAUSE_MS);
    answerWith(() => Promise.resolve('taken'));
    await ask(2);
    expect(shown).toEqual([0, 0]);
  });

  const secondIsRight = (way: number) => (way === 1 ? Promise.resolve('taken') : refuse());

  it('tries the second once the first is refused, and begins with it from then on', async () => {
    const { ask, answerWith, shown, guard } = createGuarded();
    answerWith(secondIsRight);
    expect(await ask(2)).toBe('taken');
    expect(await ask(2)).toBe('taken');
    expect(shown).toEqual([0, 1, 1]);
    expect(guard.state).toBe('PROVEN');
  });

  it('shows the refused one once, though a hundred ask at that moment', async () => {
    const { ask, answerWith, shown } = createGuarded();
    answerWith(secondIsRight);
    const outcomes = await manyOf(() => ask(2), 100);
    expect(outcomes.every((outcome) => outcome.status === 'fulfilled')).toBe(true);
    expect(shown.filter((way) => way === 0)).toHaveLength(1);
  });

  it('goes back to the first if the second is refused later', async () => {
    const { ask, answerWith, shown } = createGuarded();
    answerWith(secondIsRight);
    await ask(2);
    answerWith((way) => (way === 0 ? Promise.resolve('taken') : refuse()));
    await ask(2);
    await ask(2);
    expect(shown).toEqual([0, 1, 1, 0, 0]);
  });

  it('probes with the one that was not refused last', async () => {
    const { ask, answerWith, shown, pass } = createGuarded({ maxRefusals: 1 });
    answerWith(() => refuse());
    await manyOf(() => ask(2), 3);
    expect(shown).toEqual([0]);
    answerWith(secondIsRight);
    pass(FIRST_PAUSE_MS);
    expect(await ask(2)).toBe('taken');
    expect(shown).toEqual([0, 1]);
  });
});

describe('a guard whose keys are changed', () => {
  it('takes the new ones for unproven, so that wrong ones are not shown more often than may be', async () => {
    const { ask, answerWith, shown, changeCredentials } = createGuarded();
    await ask();
    changeCredentials('second');
    answerWith(() => refuse());
    await manyOf(ask, 100);
    expect(shown).toHaveLength(1 + 3);
  });

  it('probes at once if it is shut, and opens if they are taken', async () => {
    const { guard, ask, answerWith, changeCredentials } = createGuarded({ maxRefusals: 1 });
    answerWith(() => refuse());
    await manyOf(ask, 3);
    changeCredentials('second');
    answerWith(() => Promise.resolve('taken'));
    expect(await ask()).toBe('taken');
    expect(guard.state).toBe('PROVEN');
  });

  it('shuts again after one request if they are refused, too', async () => {
    const { ask, answerWith, shown, changeCredentials } = createGuarded({ maxRefusals: 1 });
    answerWith(() => refuse());
    await manyOf(ask, 3);
    changeCredentials('second');
    await manyOf(ask, 20);
    expect(shown).toHaveLength(2);
  });
});
