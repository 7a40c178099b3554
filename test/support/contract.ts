import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { UpstreamRejectedError } from '../../src/call/errors.js';
import { traceKeyText, type TraceKey } from '../../src/call/key.js';
import type { AskOptions, FetchTraces } from '../../src/call/fetch-traces.js';
import type { CallTrace } from '../../src/call/trace.js';
import { createKey } from '../fixtures/records.js';
import { createTestClock, emptyTrace, finalTrace, quiet, type TestClock } from './traces.js';

/** Calls that are found; ended long before `ASKED_AT`. The simulator knows them too. */
const FOUND = [2, 3, 5].map((number) => createKey({ callId: `1749970800-${number}` }));
const [ONE, TWO, THREE] = FOUND as [TraceKey, TraceKey, TraceKey];
/** A call that is not found. The simulator does not find it either. */
const UNKNOWN = createKey({ callId: '1749970800-404' });
/** The call whose question fails: with UpstreamRejectedError, result code 0100002. */
export const FAILING = createKey({ callId: '1749970800-6' });

/** A stage, and how to take it down. */
export interface StageUnderTest {
  readonly fetchTraces: FetchTraces;
  close?(): Promise<void>;
}

/** What a stage may be made of. One that brings its own contact centre instead must see to it that `FAILING` fails. */
export interface ContractMaterial {
  /** Knows three calls, fails for `FAILING`, and finds no others. */
  readonly next: FetchTraces;
  /** Stands still at `ASKED_AT`. */
  readonly clock: TestClock;
}

/** What the next stage of a test does wrong, key by key. */
const BROKEN_STAGES: readonly (readonly [what: string, next: FetchTraces])[] = [
  [
    'throws at once',
    () => {
      throw new Error('thrown');
    },
  ],
  ['gives no promise for a key', () => []],
  ['rejects', (keys) => keys.map(() => Promise.reject(new Error('rejected')))],
  [
    'rejects with what is no Error',
    (keys) => keys.map(() => Promise.reject(AbortSignal.abort('a text').reason as Error)),
  ],
];

/** Describes what every stage promises whose next stage does not keep the contract, or answers one key late. */
export function describeStage(
  name: string,
  makeStage: (material: ContractMaterial) => StageUnderTest | Promise<StageUnderTest>,
): void {
  describeFetchTraces(name, makeStage);

  describe(`${name} over a stage that does not keep the contract`, () => {
    it.each(BROKEN_STAGES)('answers with an Error if that %s', async (_, broken) => {
      const stage = await makeStage({ next: broken, clock: createTestClock() });
      const answers = await Promise.all(stage.fetchTraces([ONE, TWO]));
      expect(answers.map((answer) => answer instanceof Error)).toEqual([true, true]);
      await stage.close?.();
    });

    it('answers every other key while one hangs', async () => {
      const hanging: FetchTraces = (keys) =>
        keys.map((key) => (key.callId === TWO.callId ? new Promise(() => undefined) : Promise.resolve(answerTo(key))));
      const stage = await makeStage({ next: hanging, clock: createTestClock() });
      const answers = stage.fetchTraces([ONE, TWO, THREE, FAILING]);
      const others = await Promise.all([answers[0], answers[2], answers[3]]);
      expect(others.map((answer) => (answer instanceof Error ? 'failed' : keyTextOf(answer)))).toEqual([
        traceKeyText(ONE),
        traceKeyText(THREE),
        'failed',
      ]);
      let settled = false;
      void answers[1]?.then(() => (settled = true));
      await quiet();
      expect(settled).toBe(false);
      await stage.close?.();
    });
  });
}

/** Describes what every FetchTraces promises. A new stage is made for each test, with nothing cached. */
export function describeFetchTraces(
  name: string,
  makeStage: (material: ContractMaterial) => StageUnderTest | Promise<StageUnderTest>,
): void {
  describe(`${name} as a FetchTraces`, () => {
    let stage: StageUnderTest;
    let clock: TestClock;
    const ask = (keys: readonly TraceKey[], options?: AskOptions): Promise<(CallTrace | Error)[]> =>
      Promise.all(stage.fetchTraces(keys, options));

    beforeEach(async () => {
      clock = createTestClock();
      stage = await makeStage({ next: (keys) => next(keys), clock });
    });
    afterEach(() => stage.close?.());

    it('answers each key in its place', async () => {
      const answers = await ask([THREE, UNKNOWN, ONE, TWO]);
      expect(answers.map(keyTextOf)).toEqual([THREE, UNKNOWN, ONE, TWO].map(traceKeyText));
      expect(answers.map((answer) => recordsOf(answer).length > 0)).toEqual([true, false, true, true]);
    });

    it('answers in the order of a second question, not of the first', async () => {
      const first = await ask([ONE, TWO, THREE]);
      const second = await ask([TWO, UNKNOWN, THREE, ONE]);
      expect(second.map(keyTextOf)).toEqual([TWO, UNKNOWN, THREE, ONE].map(traceKeyText));
      expect([second[3], second[0], second[2]].map(recordsOf)).toEqual(first.map(recordsOf));
    });

    it('answers a key as often as it was asked for', async () => {
      const answers = await ask([TWO, ONE, TWO, TWO]);
      expect(answers.map(keyTextOf)).toEqual([TWO, ONE, TWO, TWO].map(traceKeyText));
      expect(recordsOf(answers[2])).toEqual(recordsOf(answers[0]));
      expect(recordsOf(answers[3])).toEqual(recordsOf(answers[0]));
    });

    it('answers no keys with no answers', async () => {
      await expect(ask([])).resolves.toEqual([]);
    });

    it('gives an Error to the key that failed and traces to those around it', async () => {
      const answers = await ask([ONE, FAILING, TWO, UNKNOWN, FAILING]);
      expect(answers.map((answer) => answer instanceof Error)).toEqual([false, true, false, false, true]);
      expect([answers[0], answers[2], answers[3]].map(keyTextOf)).toEqual([ONE, TWO, UNKNOWN].map(traceKeyText));
    });

    it('passes on the very failure that the next stage met', async () => {
      const [answer] = await ask([FAILING]);
      expect(answer).toBeInstanceOf(UpstreamRejectedError);
      expect(answer).toMatchObject({ code: 'UPSTREAM_REJECTED', resultCode: '0100002' });
    });

    it('resolves for a batch in which every key fails', async () => {
      const answers = await ask([FAILING, FAILING]);
      expect(answers).toHaveLength(2);
      expect(answers.every((answer) => answer instanceof Error)).toBe(true);
    });

    it.each([
      ['a client that has gone', { signal: AbortSignal.abort() }],
      ['a deadline that has passed', { deadlineAt: createTestClock().monotonic() - 1 }],
      ['a refresh', { refresh: true }],
    ])('resolves with one answer for each key for %s', async (_, options) => {
      const answers = await ask([ONE, FAILING, ONE], options);
      expect(answers).toHaveLength(3);
      expect(answers[1]).toBeInstanceOf(Error);
      for (const answer of [answers[0], answers[2]]) {
        if (!(answer instanceof Error)) expect(keyTextOf(answer)).toBe(traceKeyText(ONE));
      }
    });

    it('answers each key by a promise of its own, at once', () => {
      const answers = stage.fetchTraces([ONE, FAILING, TWO]);
      expect(answers).toHaveLength(3);
      for (const answer of answers) expect(answer).toBeInstanceOf(Promise);
      return Promise.all(answers);
    });

    it('answers questions that cross each other each with its own', async () => {
      const answers = await Promise.all([ask([ONE, TWO]), ask([TWO, FAILING]), ask([THREE, ONE])]);
      expect(answers.flat().map((answer) => (answer instanceof Error ? 'failed' : keyTextOf(answer)))).toEqual(
        [ONE, TWO, TWO, null, THREE, ONE].map((key) => (key === null ? 'failed' : traceKeyText(key))),
      );
    });
  });
}

const next: FetchTraces = (keys) => keys.map((key) => Promise.resolve(answerTo(key)));

function answerTo(key: TraceKey): CallTrace | Error {
  const text = traceKeyText(key);
  if (text === traceKeyText(FAILING)) {
    return new UpstreamRejectedError(`call ${key.callId}`, { retryable: false, resultCode: '0100002' });
  }
  return FOUND.some((found) => traceKeyText(found) === text) ? finalTrace(key) : emptyTrace(key);
}

function keyTextOf(answer: CallTrace | Error | undefined): string {
  if (answer === undefined) return 'no answer';
  return answer instanceof Error ? answer.message : traceKeyText(answer.key);
}

function recordsOf(answer: CallTrace | Error | undefined): CallTrace['records'] {
  if (answer === undefined || answer instanceof Error) throw answer ?? new Error('no answer');
  return answer.records;
}
