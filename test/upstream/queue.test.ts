import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Clock } from '../../src/call/clock.js';
import { UpstreamOverloadedError, UpstreamUnavailableError } from '../../src/call/errors.js';
import { createQueue, type Queue, type QueuedAsk } from '../../src/upstream/queue.js';
import { createTestClock, quiet } from '../support/traces.js';
import { REAL_CLOCK } from './support/contact-centre.js';

const queues: Queue[] = [];
afterEach(() => {
  queues.splice(0).forEach((queue) => queue.close());
});

interface QueuedOptions {
  readonly maxConcurrency?: number;
  readonly maxQueue?: number;
  readonly clock?: Clock;
}

/** A queue, and what became of those who asked: the names of those that run, in the order in which they began. */
function createQueued({ maxConcurrency = 1, maxQueue = 100, clock = createTestClock() }: QueuedOptions = {}) {
  const started: string[] = [];
  const refused = new Map<string, Error>();
  const releases = new Map<string, () => void>();
  let overloads = 0;
  const queue = createQueue(maxConcurrency, maxQueue, clock, () => (overloads += 1));
  queues.push(queue);
  return {
    queue,
    clock,
    started,
    refused,
    get overloads() {
      return overloads;
    },
    ask,
    release,
  };

  /** Asks for a slot under a name that begins with its tenant. */
  async function ask(name: string, asked: QueuedAsk = {}): Promise<void> {
    queue.take(name.charAt(0), asked).then(
      (free) => {
        started.push(name);
        releases.set(name, free);
      },
      (error: unknown) => refused.set(name, error as Error),
    );
    await quiet();
  }

  async function release(name: string): Promise<void> {
    releases.get(name)?.();
    await quiet();
  }
}

describe('createQueue', () => {
  it('lets so many run at once and the others wait in turn', async () => {
    const { ask, release, started, queue } = createQueued({ maxConcurrency: 2 });
    for (const name of ['a1', 'a2', 'a3', 'a4']) await ask(name);
    expect(started).toEqual(['a1', 'a2']);
    expect([queue.inFlight, queue.queued]).toEqual([2, 2]);
    await release('a1');
    expect(started).toEqual(['a1', 'a2', 'a3']);
    expect([queue.inFlight, queue.queued]).toEqual([2, 1]);
  });

  it('serves the tenants in turn, however many wait in one', async () => {
    const { ask, release, started } = createQueued();
    for (const name of ['a0', 'a1', 'a2', 'a3', 'b1', 'b2', 'c1']) await ask(name);
    for (let served = 1; served < 7; served += 1) await release(started.at(-1) ?? '');
    expect(started).toEqual(['a0', 'a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
  });

  it('refuses one more than may wait', async () => {
    const queued = createQueued({ maxQueue: 2 });
    const { ask, refused } = queued;
    for (const name of ['a0', 'a1', 'a2', 'a3']) await ask(name);
    expect([...refused.keys()]).toEqual(['a3']);
    expect(refused.get('a3')).toBeInstanceOf(UpstreamOverloadedError);
    expect(refused.get('a3')?.message).toBe('2 requests are waiting for the contact centre already');
    expect(queued.overloads).toBe(1);
  });

  it('refuses the newest of the longest tenant in place of one whose tenant is shorter', async () => {
    const { ask, refused } = createQueued({ maxQueue: 3 });
    for (const name of ['a0', 'a1', 'a2', 'a3', 'b1', 'b2']) await ask(name);
    // b2 would make its tenant as long as the other: it goes itself.
    expect([...refused.keys()]).toEqual(['a3', 'b2']);
  });

  it('refuses who comes where another tenant is no longer than its own, whichever is served first', async () => {
    const { ask, refused } = createQueued({ maxQueue: 3 });
    for (const name of ['a0', 'b1', 'c1', 'c2', 'b2']) await ask(name);
    expect([...refused.keys()]).toEqual(['b2']);
  });

  it('lets work what finds a free slot though none may wait', async () => {
    const { ask, started, refused } = createQueued({ maxQueue: 0 });
    await ask('a1');
    await ask('a2');
    expect([started, [...refused.keys()]]).toEqual([['a1'], ['a2']]);
  });

  it('lets a waiter leave, and one that has left already not in', async () => {
    const { ask, refused, queue, release, started } = createQueued();
    const client = new AbortController();
    const gone = new Error('gone');
    await ask('a0');
    await ask('a1', { signal: client.signal });
    await ask('a2');
    client.abort(gone);
    await ask('a3', { signal: client.signal });
    expect([refused.get('a1'), refused.get('a3')]).toEqual([gone, gone]);
    expect(queue.queued).toBe(1);
    await release('a0');
    expect(started).toEqual(['a0', 'a2']);
  });

  it('never exceeds its bounds and never forgets anybody, whatever happens', async () => {
    const event = fc.record({
      kind: fc.constantFrom('ask', 'release', 'leave'),
      tenant: fc.constantFrom('a', 'b', 'c'),
      which: fc.nat(20),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 80 }), async (events) => {
        const { ask, release, started, refused, queue } = createQueued({ maxConcurrency: 2, maxQueue: 4 });
        const clients: AbortController[] = [];
        let running: string[] = [];
        for (const [index, { kind, tenant, which }] of events.entries()) {
          const before = started.length;
          if (kind === 'ask') {
            const client = new AbortController();
            clients.push(client);
            await ask(`${tenant}${index}`, { signal: client.signal });
          } else if (kind === 'leave') {
            clients[which % Math.max(1, clients.length)]?.abort(new Error('gone'));
            await quiet();
          } else {
            const name = running[which % Math.max(1, running.length)] ?? '';
            running = running.filter((one) => one !== name);
            await release(name);
          }
          running.push(...started.slice(before));
          expect(running.length).toBe(queue.inFlight);
          expect(queue.inFlight).toBeLessThanOrEqual(2);
          expect(queue.queued).toBeLessThanOrEqual(4);
          if (queue.queued > 0) expect(queue.inFlight).toBe(2);
        }
        const asked = events.filter(({ kind }) => kind === 'ask').length;
        expect(started.length + refused.size + queue.queued).toBe(asked);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a paused queue', () => {
  it('starts nothing before its end, and then as many as may run', async () => {
    const { ask, started, queue } = createQueued({ maxConcurrency: 2, clock: REAL_CLOCK });
    const until = REAL_CLOCK.monotonic() + 100;
    queue.pauseUntil(until);
    queue.pauseUntil(until - 50); // an earlier end does not shorten it
    const names = ['a1', 'a2', 'a3'];
    const startedAt: number[] = [];
    const slots = names.map((name) => queue.take(name, {}).then(() => startedAt.push(REAL_CLOCK.monotonic())));
    expect(queue.pausedForMs).toBeGreaterThan(0);
    await Promise.race([slots[2], Promise.all(slots.slice(0, 2))]);
    expect(Math.min(...startedAt)).toBeGreaterThanOrEqual(until);
    expect(startedAt).toHaveLength(2);
    expect(queue.pausedForMs).toBeNull();
    await ask('b1');
    expect(started).toEqual([]);
  });

  it('refuses at once who cannot wait so long, whether waiting already or coming', async () => {
    const { ask, refused, clock, queue } = createQueued();
    const now = clock.monotonic();
    await ask('a0');
    await ask('a1', { deadlineAt: now + 999 });
    await ask('a2', { deadlineAt: now + 1_001 });
    queue.pauseUntil(now + 1_000);
    await quiet();
    await ask('a3', { deadlineAt: now + 1_000 });
    await ask('a4');
    expect([...refused.keys()]).toEqual(['a1', 'a3']);
    for (const error of refused.values()) {
      expect(error).toBeInstanceOf(UpstreamUnavailableError);
      expect(error).toMatchObject({ retryAfterMs: 1_000, retryable: true });
    }
    expect(queue.queued).toBe(2);
  });

  it('is not prolonged by the wall clock', async () => {
    const clock = createTestClock();
    const { queue, ask, started } = createQueued({ clock });
    queue.pauseUntil(clock.monotonic() + 1_000);
    clock.setWall(clock.wall() - 7_200_000);
    clock.advance(1_000);
    await ask('a1');
    expect(started).toEqual(['a1']);
  });
});
