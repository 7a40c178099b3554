import { describe, expect, it } from '@jest/globals';
import { createFairQueue, QueueFullError, type FairQueue } from '../../src/upstream/fair-queue.js';

/** Work that ends when it is told to, and notes in which order it began. */
function createWork(queue: FairQueue) {
  const begun: string[] = [];
  const underWay: { end(): void; fail(error: Error): void }[] = [];

  function put(name: string, lane: string, signal?: AbortSignal): Promise<string> {
    return queue.run(lane, signal, () => {
      begun.push(name);
      return new Promise((resolve, reject) => underWay.push({ end: () => resolve(name), fail: reject }));
    });
  }

  /** Ends the work that began first, and lets the next begin. */
  async function endOne(): Promise<void> {
    underWay.shift()?.end();
    await turn();
  }

  return { begun, underWay, put, endOne };
}

/** Fulfils when everything has run that waits for nothing. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

describe('createFairQueue', () => {
  it('begins what finds a free place at once, and no more than the limit', async () => {
    const queue = createFairQueue(() => 2, 10);
    const { begun, put } = createWork(queue);
    for (const name of ['a', 'b', 'c']) void put(name, 'lane');
    await turn();
    expect(begun).toEqual(['a', 'b']);
    expect([queue.running, queue.waiting]).toEqual([2, 1]);
  });

  it('serves a lane in the order in which it asked', async () => {
    const { begun, put, endOne } = createWork(createFairQueue(() => 1, 10));
    for (const name of ['a', 'b', 'c', 'd']) void put(name, 'lane');
    for (let n = 0; n < 4; n += 1) await endOne();
    expect(begun).toEqual(['a', 'b', 'c', 'd']);
  });

  it('lets one question of a VDN pass 200 of another, but for one', async () => {
    const queue = createFairQueue(() => 1, 1000);
    const { begun, put, endOne } = createWork(queue);
    for (let n = 0; n < 200; n += 1) void put(`dashboard ${n}`, '1/170');
    void put('the one', '1/171');
    await endOne();
    await endOne();
    expect(begun).toEqual(['dashboard 0', 'dashboard 1', 'the one']);
    expect(queue.waiting).toBe(198);
  });

  it('gives three lanes a third each, however much each has put in', async () => {
    const { begun, put, endOne } = createWork(createFairQueue(() => 1, 1000));
    for (let n = 0; n < 90; n += 1) void put('a', 'a');
    for (let n = 0; n < 30; n += 1) void put('b', 'b');
    for (let n = 0; n < 10; n += 1) void put('c', 'c');
    for (let n = 0; n < 30; n += 1) await endOne();
    // The first began before the others came.
    expect(begun.slice(1, 31).join('')).toBe('abc'.repeat(10));
  });

  it('takes no more than may wait, and says so at once', async () => {
    const queue = createFairQueue(() => 1, 2);
    const { begun, put, endOne } = createWork(queue);
    const taken = ['a', 'b', 'c'].map((name) => put(name, name));
    const refused = put('d', 'd');
    await expect(refused).rejects.toThrow(QueueFullError);
    await expect(refused).rejects.toThrow('2 requests are waiting already');
    for (let n = 0; n < 3; n += 1) await endOne();
    expect(await Promise.all(taken)).toEqual(['a', 'b', 'c']);
    expect(begun).not.toContain('d');
    expect([queue.running, queue.waiting]).toEqual([0, 0]);
  });

  it('refuses the newest of the longest lane when it is full, so that another lane still finds a place', async () => {
    const queue = createFairQueue(() => 1, 4);
    const { begun, put, endOne } = createWork(queue);
    const dashboard = ['a', 'b', 'c', 'd', 'e'].map((name) => put(name, 'dashboard'));
    const other = put('other', 'other');
    const third = put('third', 'third');
    await expect(dashboard[4]).rejects.toThrow(QueueFullError);
    await expect(dashboard[3]).rejects.toThrow('4 requests are waiting already');
    await expect(put('f', 'dashboard')).rejects.toThrow(QueueFullError);
    expect(queue.waiting).toBe(4);
    for (let n = 0; n < 5; n += 1) await endOne();
    expect(await Promise.all([other, third])).toEqual(['other', 'third']);
    expect(begun).toEqual(['a', 'b', 'other', 'third', 'c']);
    expect([queue.running, queue.waiting]).toEqual([0, 0]);
  });

  it('refuses the one who comes where its lane would be as long as the longest', async () => {
    const queue = createFairQueue(() => 1, 4);
    const { begun, put, endOne } = createWork(queue);
    void put('running', 'x');
    const taken = ['a', 'b'].flatMap((lane) => [put(`${lane}1`, lane), put(`${lane}2`, lane)]);
    const third = put('c1', 'c');
    await expect(taken[1]).rejects.toThrow(QueueFullError);
    await expect(put('b3', 'b')).rejects.toThrow(QueueFullError);
    for (let n = 0; n < 5; n += 1) await endOne();
    expect(await third).toBe('c1');
    expect(begun).toEqual(['running', 'a1', 'b1', 'c1', 'b2']);
  });

  it('forgets the signal of one that it has refused', async () => {
    const queue = createFairQueue(() => 1, 1);
    const { put, endOne } = createWork(queue);
    const client = new AbortController();
    void put('a', 'x');
    const refused = [put('b', 'x'), put('c', 'x', client.signal)];
    await expect(refused[1]).rejects.toThrow(QueueFullError);
    client.abort();
    expect(queue.waiting).toBe(1);
    await endOne();
    await endOne();
    expect(await refused[0]).toBe('b');
    expect([queue.running, queue.waiting]).toEqual([0, 0]);
  });

  it('takes 50,000 in a lane, and serves them, at a cost that does not grow with their number', async () => {
    const queue = createFairQueue(() => 1, 50_000);
    const startedAt = performance.now();
    const served = Array.from({ length: 50_001 }, (_, n) => queue.run('x', undefined, () => Promise.resolve(n)));
    expect(queue.waiting).toBe(50_000);
    expect(await Promise.all(served)).toHaveLength(50_001);
    // A tenth of a second; half a minute and more if each that comes or goes costs in proportion to those who wait.
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });

  it('frees the place of one that leaves while it waits', async () => {
    const queue = createFairQueue(() => 1, 2);
    const { begun, put, endOne } = createWork(queue);
    const client = new AbortController();
    void put('a', 'x');
    const leaving = put('b', 'x', client.signal);
    void put('c', 'x');
    client.abort(new Error('gone'));
    await expect(leaving).rejects.toThrow('gone');
    expect(queue.waiting).toBe(1);
    void put('d', 'x');
    for (let n = 0; n < 3; n += 1) await endOne();
    expect(begun).toEqual(['a', 'c', 'd']);
  });

  it('takes nothing of one that has left before', async () => {
    const queue = createFairQueue(() => 1, 2);
    const { begun, put } = createWork(queue);
    await expect(put('a', 'x', AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    expect(begun).toEqual([]);
    expect(queue.running).toBe(0);
  });

  it('leaves alone what has begun when its signal aborts: that is for the work to heed', async () => {
    const queue = createFairQueue(() => 1, 2);
    const { put, endOne } = createWork(queue);
    const client = new AbortController();
    const asked = put('a', 'x', client.signal);
    client.abort();
    expect(queue.running).toBe(1);
    await endOne();
    expect(await asked).toBe('a');
  });

  it('gives a place back after a failure, which it passes on', async () => {
    const queue = createFairQueue(() => 1, 2);
    const { begun, underWay, put } = createWork(queue);
    const failing = put('a', 'x');
    void put('b', 'x');
    underWay.shift()?.fail(new Error('broken'));
    await expect(failing).rejects.toThrow('broken');
    await turn();
    expect(begun).toEqual(['a', 'b']);
    expect(queue.running).toBe(1);
  });

  it('follows a limit that shrinks, without cutting what runs', async () => {
    let limit = 3;
    const queue = createFairQueue(() => limit, 10);
    const { begun, put, endOne } = createWork(queue);
    for (const name of ['a', 'b', 'c', 'd', 'e']) void put(name, 'x');
    limit = 1;
    await endOne();
    await endOne();
    expect(begun).toEqual(['a', 'b', 'c']);
    expect(queue.running).toBe(1);
    await endOne();
    expect(begun).toEqual(['a', 'b', 'c', 'd']);
  });

  it('follows a limit that grows, with the next that ends', async () => {
    let limit = 1;
    const queue = createFairQueue(() => limit, 10);
    const { begun, put, endOne } = createWork(queue);
    for (const name of ['a', 'b', 'c', 'd']) void put(name, 'x');
    limit = 3;
    await endOne();
    expect(begun).toEqual(['a', 'b', 'c', 'd']);
    expect(queue.running).toBe(3);
  });
});
