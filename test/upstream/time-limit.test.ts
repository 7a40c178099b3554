import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { unlessAborted, withTimeLimit } from '../../src/upstream/time-limit.js';

const never = () => new Promise<never>(() => undefined);

describe('withTimeLimit', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('gives what the work gives, and leaves no timer behind', async () => {
    await expect(withTimeLimit(100, undefined, () => Promise.resolve('done'))).resolves.toBe('done');
    expect(jest.getTimerCount()).toBe(0);
  });

  it('rejects with the work’s own error, and leaves no timer behind', async () => {
    const failure = new Error('broken');
    await expect(withTimeLimit(100, undefined, () => Promise.reject(failure))).rejects.toBe(failure);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('rejects with a TimeoutError when the time is up, though the work heeds no signal', async () => {
    let signal: AbortSignal | undefined;
    const limited = withTimeLimit(100, undefined, (given) => {
      signal = given;
      return never();
    });
    const outcome = expect(limited).rejects.toMatchObject({ name: 'TimeoutError' });
    await jest.advanceTimersByTimeAsync(99);
    expect(signal?.aborted).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    expect(signal?.aborted).toBe(true);
    expect(signal?.reason).toMatchObject({ name: 'TimeoutError' });
    await outcome;
  });

  it('rejects with the signal’s reason when it aborts, and hands it on to the work', async () => {
    const client = new AbortController();
    const reason = new Error('the client left');
    let signal: AbortSignal | undefined;
    const limited = withTimeLimit(100, client.signal, (given) => {
      signal = given;
      return never();
    });
    client.abort(reason);
    await expect(limited).rejects.toBe(reason);
    expect(signal?.reason).toBe(reason);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('does not begin the work for a signal that has aborted already', async () => {
    const reason = new Error('the client left');
    const work = jest.fn(never);
    await expect(withTimeLimit(100, AbortSignal.abort(reason), work)).rejects.toBe(reason);
    expect(work).not.toHaveBeenCalled();
  });

  it('removes its listener from the signal once the work is done', async () => {
    const { signal } = new AbortController();
    let listening = 0;
    await withTimeLimit(100, signal, () => {
      listening = getEventListeners(signal, 'abort').length;
      return Promise.resolve();
    });
    expect(listening).toBe(1);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});

describe('unlessAborted', () => {
  it('leaves the work alone when the signal aborts, and nothing unhandled when it fails then', async () => {
    const client = new AbortController();
    let fail = (): void => undefined;
    const work = new Promise<never>((_, reject) => (fail = () => reject(new Error('late'))));
    const waited = unlessAborted(client.signal, work);
    const reason = new Error('the client left');
    client.abort(reason);
    await expect(waited).rejects.toBe(reason);
    fail();
    await expect(work).rejects.toThrow('late');
  });

  it('removes its listener from the signal once the work is done', async () => {
    const { signal } = new AbortController();
    expect(await unlessAborted(signal, Promise.resolve('done'))).toBe('done');
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});
