import { describe, expect, it } from '@jest/globals';
import { createEndpoints, type EndpointState } from '../../src/upstream/endpoints.js';
import { createTestClock } from '../support/traces.js';
import { CAUSES } from './support/causes.js';

/** The breaker of an address, its clock, and what it told. */
function createBroken(failures = 0) {
  const clock = createTestClock();
  const states: EndpointState[] = [];
  const [breaker] = createEndpoints(['https://a.example'], clock, ({ state }) => void states.push(state)).all;
  if (!breaker) throw new Error('there is one address');
  const send = (verdict: keyof typeof CAUSES): boolean => {
    const pass = breaker.pass();
    pass?.end(CAUSES[verdict]);
    return pass !== null;
  };
  for (let n = 0; n < failures; n += 1) send('FAILED');
  return { clock, states, breaker, send };
}

describe('the breaker of an address', () => {
  it('leaves an address alone after five failures in a row, and not after four', () => {
    const { breaker, send } = createBroken(4);
    expect(breaker.state).toBe('UP');
    send('FAILED');
    expect(breaker.state).toBe('DOWN');
    expect(breaker.pass()).toBeNull();
  });

  it('begins to count anew with any answer', () => {
    const { breaker, send } = createBroken();
    for (let n = 0; n < 80; n += 1) send(n % 5 === 4 ? 'ANSWERED' : 'FAILED');
    expect(breaker.state).toBe('UP');
  });

  it('takes a client that leaves for nothing', () => {
    const { breaker, send } = createBroken(4);
    for (let n = 0; n < 10; n += 1) send('INCONCLUSIVE');
    expect(breaker.state).toBe('UP');
    send('FAILED');
    expect(breaker.state).toBe('DOWN');
  });

  it('tries again after 1 s, then after twice as long each time, up to 30 s, and anew once it answers more than a probe', () => {
    const { breaker, send, clock } = createBroken(5);
    const pauses: number[] = [];
    for (let n = 0; n < 7; n += 1) {
      const pauseMs = breaker.nextProbeInMs ?? NaN;
      pauses.push(pauseMs);
      clock.advance(pauseMs - 1);
      expect(breaker.pass()).toBeNull();
      clock.advance(1);
      expect(send('FAILED')).toBe(true);
    }
    expect(pauses).toEqual([1, 2, 4, 8, 16, 30, 30].map((seconds) => seconds * 1_000));
    clock.advance(30_000);
    send('ANSWERED');
    expect([breaker.state, breaker.nextProbeInMs]).toEqual(['UP', null]);
    for (let n = 0; n < 5; n += 1) send('FAILED');
    expect(breaker.nextProbeInMs).toBe(30_000); // only the probe was answered
    clock.advance(30_000);
    for (let n = 0; n < 2; n += 1) send('ANSWERED');
    for (let n = 0; n < 5; n += 1) send('FAILED');
    expect(breaker.nextProbeInMs).toBe(1_000);
  });

  it('tries again by one request at a time', () => {
    const { breaker, clock } = createBroken(5);
    clock.advance(1_000);
    const probe = breaker.pass();
    expect(probe?.isProbe).toBe(true);
    expect([breaker.state, breaker.pass()]).toEqual(['PROBED', null]);
    probe?.end(CAUSES.ANSWERED);
    expect(breaker.state).toBe('UP');
    expect(breaker.pass()?.isProbe).toBe(false);
  });

  it('lets the next request try if a probe decided nothing', () => {
    const { breaker, send, clock, states } = createBroken(5);
    clock.advance(1_000);
    send('INCONCLUSIVE');
    expect(send('ANSWERED')).toBe(true);
    expect(breaker.state).toBe('UP');
    expect(states).toEqual(['DOWN', 'UP']);
  });

  it.each(['ANSWERED', 'FAILED'] as const)(
    'takes what was sent before the last change of state for nothing, here %s',
    (verdict) => {
      const { breaker, send, clock } = createBroken();
      const early = Array.from({ length: 20 }, () => breaker.pass());
      for (let n = 0; n < 5; n += 1) send('FAILED');
      early.splice(0, 10).forEach((pass) => pass?.end(CAUSES[verdict]));
      expect(breaker.state).toBe('DOWN');
      expect(breaker.nextProbeInMs).toBe(1_000);
      clock.advance(1_000);
      send('ANSWERED');
      early.forEach((pass) => pass?.end(CAUSES[verdict]));
      expect(breaker.state).toBe('UP');
    },
  );

  it.each([7_200_000, -7_200_000])('heeds no wall clock that is set by %i ms', (ms) => {
    const { breaker, clock } = createBroken(5);
    clock.setWall(clock.wall() + ms);
    expect(breaker.pass()).toBeNull();
    clock.advance(1_000);
    expect(breaker.pass()).not.toBeNull();
  });
});
