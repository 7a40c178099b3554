import { beforeEach, describe, expect, it } from '@jest/globals';
import { createSenderTable, type SenderTable } from '../../../src/cache/redis/senders.js';

const MAX_SILENCE_MS = 5_000;

describe('createSenderTable', () => {
  let now: number;
  let senders: SenderTable;
  beforeEach(() => {
    now = 0;
    senders = createSenderTable(MAX_SILENCE_MS, () => now);
  });

  const invalidation = (sender: string, number: number) => senders.heard(sender, number - 1, number);
  const heartbeat = (sender: string, number: number) => senders.heard(sender, number, number);

  it('misses nothing of a sender whose numbers follow each other', () => {
    const heard = [heartbeat('a', 0), invalidation('a', 1), invalidation('a', 2), heartbeat('a', 2)];
    expect(heard).toEqual([false, false, false, false]);
  });

  it('misses nothing of a sender first heard with its first invalidation', () => {
    expect(invalidation('a', 1)).toBe(false);
  });

  it.each([
    ['a gap in the numbers', () => invalidation('a', 3)],
    ['a heartbeat with a higher number than was heard', () => heartbeat('a', 2)],
    ['a sender first heard with a heartbeat after its first invalidation', () => heartbeat('b', 1)],
    ['a sender first heard with its second invalidation', () => invalidation('b', 2)],
  ])('notices %s, once', (_, hear) => {
    invalidation('a', 1);
    expect([hear(), hear()]).toEqual([true, false]);
  });

  it('is not misled by a message that comes late', () => {
    invalidation('a', 1);
    invalidation('a', 2);
    expect([heartbeat('a', 1), heartbeat('a', 2)]).toEqual([false, false]);
  });

  it('numbers each sender by itself', () => {
    invalidation('a', 1);
    expect([invalidation('b', 1), invalidation('a', 2)]).toEqual([false, false]);
  });

  it('names a sender that was silent for too long, once', () => {
    heartbeat('a', 0);
    now = 1_000;
    heartbeat('b', 0);
    now = MAX_SILENCE_MS - 1;
    expect(senders.dropSilent()).toEqual([]);
    now = MAX_SILENCE_MS;
    expect([senders.dropSilent(), senders.dropSilent()]).toEqual([['a'], []]);
  });

  it('names no sender that has said goodbye', () => {
    heartbeat('a', 0);
    senders.left('a');
    now = MAX_SILENCE_MS;
    expect(senders.dropSilent()).toEqual([]);
  });
});
