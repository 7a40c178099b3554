import { describe, expect, it } from '@jest/globals';
import { UpstreamUnavailableError } from '../../src/call/errors.js';
import { askOne, eachKey, type AskOptions, type FetchTraces } from '../../src/call/fetch-traces.js';
import type { TraceKey } from '../../src/call/key.js';
import { describeFetchTraces } from '../support/contract.js';
import { createKeys, finalTrace } from '../support/traces.js';

const [A, B, C] = createKeys(3);
const FAILURE = new UpstreamUnavailableError('the contact centre is away');

describeFetchTraces('eachKey', ({ next }) => ({ fetchTraces: eachKey((key, ask) => askOne(next, key, ask)) }));

describe('eachKey', () => {
  it('asks for each key by itself, in the order of the keys, as the question is to be answered', () => {
    const asked: [TraceKey, AskOptions][] = [];
    const fetchTraces = eachKey((key, ask) => {
      asked.push([key, ask]);
      return Promise.resolve(finalTrace(key));
    });
    const ask = { deadlineAt: 17, refresh: true };
    void fetchTraces([A, B, A], ask);
    void fetchTraces([C]);
    expect(asked).toEqual([
      [A, ask],
      [B, ask],
      [A, ask],
      [C, {}],
    ]);
    expect(asked[0]?.[1]).toBe(ask);
  });

  it.each<[string, (key: TraceKey) => Promise<ReturnType<typeof finalTrace>>]>([
    [
      'throws',
      () => {
        throw FAILURE;
      },
    ],
    ['rejects', () => Promise.reject(FAILURE)],
  ])('answers a key with the very Error if it %s, and the other keys with their traces', async (_, fail) => {
    const fetchTraces = eachKey((key) => (key === B ? fail(key) : Promise.resolve(finalTrace(key))));
    expect(await Promise.all(fetchTraces([A, B, C]))).toEqual([finalTrace(A), FAILURE, finalTrace(C)]);
    expect(await fetchTraces([B])[0]).toBe(FAILURE);
  });

  it.each([['a text'], [undefined], [null], [{ code: 'no Error' }]])(
    'answers with an Error whose cause is %p where that is thrown',
    async (thrown) => {
      const [answer] = await Promise.all(eachKey(() => Promise.reject(thrown as unknown as Error))([A]));
      expect(answer).toBeInstanceOf(Error);
      expect(answer).toMatchObject({ cause: thrown });
    },
  );

  it('answers one key while another hangs', async () => {
    const fetchTraces = eachKey((key) => (key === A ? new Promise(() => undefined) : Promise.resolve(finalTrace(key))));
    expect(await fetchTraces([A, B])[1]).toEqual(finalTrace(B));
  });
});

describe('askOne', () => {
  it.each<[string, FetchTraces]>([
    ['gives no promise', () => []],
    ['gives nothing at all', () => undefined as never],
    [
      'throws',
      () => {
        throw new Error('thrown');
      },
    ],
    ['rejects', () => [Promise.reject(new Error('rejected'))]],
  ])('resolves with an Error if the stage %s', async (_, broken) => {
    await expect(askOne(broken, A, {})).resolves.toBeInstanceOf(Error);
  });

  it('asks for that key alone, with the very options, whose deadline may still move', async () => {
    const batches: [readonly TraceKey[], AskOptions | undefined][] = [];
    const ask = { deadlineAt: 17 };
    const next: FetchTraces = (keys, options) => {
      batches.push([keys, options]);
      return keys.map((key) => Promise.resolve(finalTrace(key)));
    };
    expect(await askOne(next, A, ask)).toEqual(finalTrace(A));
    expect(batches).toEqual([[[A], ask]]);
    expect(batches[0]?.[1]).toBe(ask);
  });
});
