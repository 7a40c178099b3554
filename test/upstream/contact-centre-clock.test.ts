import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createContactCentreClock } from '../../src/upstream/contact-centre-clock.js';
import { createTestClock } from '../support/traces.js';
import { createLogRecorder } from './support/log-recorder.js';

const NOON = Date.parse('2025-06-15T12:00:00Z');

/** Our two clocks, and a contact centre whose clock is so far ahead of our wall clock. */
function createPair(aheadMs = 0) {
  const clock = createTestClock(NOON);
  const recorder = createLogRecorder();
  const centre = createContactCentreClock(clock, recorder.log);
  let theirs = clock.wall() - clock.monotonic() + aheadMs;
  return {
    clock,
    centre,
    lines: recorder.lines,
    sentNow: () => clock.monotonic(),
    theirNow: () => clock.monotonic() + theirs,
    /** The header that it sends now: whole seconds. */
    dateNow: () => new Date(clock.monotonic() + theirs).toUTCString(),
    setTheirs: (ms: number) => void (theirs += ms),
  };
}

describe('the clock of the contact centre', () => {
  it('is ours until a reply has told the time', () => {
    const { centre, clock, sentNow } = createPair(-600_000);
    expect([centre.now(), centre.aheadMs]).toEqual([clock.wall(), null]);
    const [sentAt, wallAtSending] = [sentNow(), clock.wall()];
    clock.advance(2_000);
    expect(centre.observe(null, sentAt)).toBe(wallAtSending);
    expect(centre.now()).toBe(clock.wall());
  });

  it('is known to the second after the first reply', () => {
    const { centre, sentNow, dateNow, theirNow, clock } = createPair(-600_000);
    const sentAt = sentNow();
    clock.advance(40);
    centre.observe(dateNow(), sentAt);
    expect(Math.abs(centre.now() - theirNow())).toBeLessThanOrEqual(1_000);
    expect(Math.abs((centre.aheadMs ?? 0) - 600_000)).toBeLessThanOrEqual(1_000);
  });

  it('dates a question by when it was sent, though the reply came late', () => {
    const { centre, sentNow, dateNow, theirNow, clock } = createPair();
    centre.observe(dateNow(), sentNow());
    const [sentAt, asked] = [sentNow(), theirNow()];
    clock.advance(9_000);
    expect(Math.abs(centre.observe(dateNow(), sentAt) - asked)).toBeLessThanOrEqual(1_000);
  });

  it('is never further from the truth than a second and the time to the reply, whatever happens to our wall clock', () => {
    const exchange = fc.record({
      betweenMs: fc.nat(5_000),
      toMs: fc.nat(3_000),
      backMs: fc.nat(3_000),
      wallStepMs: fc.integer({ min: -7_200_000, max: 7_200_000 }),
    });
    fc.assert(
      fc.property(
        fc.array(exchange, { minLength: 1, maxLength: 30 }),
        fc.integer({ min: -1e9, max: 1e9 }),
        (all, ahead) => {
          const { centre, sentNow, dateNow, theirNow, clock } = createPair(ahead);
          let least = Infinity;
          for (const { betweenMs, toMs, backMs, wallStepMs } of all) {
            clock.advance(betweenMs);
            clock.setWall(clock.wall() + wallStepMs);
            const [sentAt, asked] = [sentNow(), theirNow()];
            clock.advance(toMs);
            const date = dateNow();
            clock.advance(backMs);
            const askedAt = centre.observe(date, sentAt);
            least = Math.min(least, 1_000 + toMs + backMs);
            expect(Math.abs(askedAt - asked)).toBeLessThanOrEqual(least);
            expect(Math.abs(centre.now() - theirNow())).toBeLessThanOrEqual(least);
          }
        },
      ),
    );
  });

  it('follows when theirs is set, once two replies in a row say so', () => {
    const { centre, sentNow, dateNow, theirNow, setTheirs } = createPair();
    centre.observe(dateNow(), sentNow());
    const before = centre.now();
    setTheirs(-3_600_000);
    centre.observe(dateNow(), sentNow());
    expect(centre.now()).toBe(before);
    centre.observe(dateNow(), sentNow());
    expect(Math.abs(centre.now() - theirNow())).toBeLessThanOrEqual(1_000);
  });

  it('is not led astray by a single reply of another time', () => {
    const { centre, sentNow, dateNow } = createPair();
    centre.observe(dateNow(), sentNow());
    const before = centre.now();
    for (let index = 0; index < 3; index += 1) {
      centre.observe('Tue, 01 Jan 2019 00:00:00 GMT', sentNow());
      centre.observe(dateNow(), sentNow());
    }
    expect(centre.now()).toBe(before);
  });

  it.each(['yesterday', '', 'Sat, 01 Jan 1994 00:00:00 GMT'])('does not believe the date %j', (date) => {
    const { centre, sentNow, clock, lines } = createPair();
    expect(centre.observe(date, sentNow())).toBe(clock.wall());
    expect([centre.aheadMs, lines]).toEqual([null, []]);
  });

  it.each([-3_600_000, 3_600_000])('tells once when ours is %i ms from it, and once when both agree again', (step) => {
    const { centre, sentNow, dateNow, clock, lines } = createPair();
    const hear = () => centre.observe(dateNow(), sentNow());
    hear();
    clock.setWall(clock.wall() + step);
    hear();
    hear();
    clock.setWall(clock.wall() - step);
    hear();
    hear();
    expect(lines).toMatchObject([
      { level: 'warn', text: 'our clock and that of the contact centre differ by more than a minute' },
      { level: 'info', text: 'our clock and that of the contact centre agree again' },
    ]);
  });

  it('takes a minute for no difference', () => {
    const { centre, sentNow, dateNow, lines } = createPair(-59_000);
    centre.observe(dateNow(), sentNow());
    expect(lines).toEqual([]);
  });
});
