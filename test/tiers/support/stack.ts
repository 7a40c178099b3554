import { expect } from '@jest/globals';
import fc from 'fast-check';
import { UpstreamUnavailableError } from '../../../src/call/errors.js';
import type { FreshnessRules } from '../../../src/call/freshness.js';
import { traceKeyText, type TraceKey } from '../../../src/call/key.js';
import type { AskOptions, CallTrace, FetchTraces } from '../../../src/call/trace.js';
import { createKeys, emptyTrace, FETCHED_AT, finalTrace, MINUTE_MS, openTrace, quiet } from '../../support/traces.js';

/** A stage of a stack, made anew for each run. `now` is a clock that jumps. */
export type Stage = (next: FetchTraces, now: () => number) => FetchTraces;

/** How long the stages of a stack are to take traces for fresh, and keep them; short, so that runs meet every limit. */
export const RULES: FreshnessRules = {
  finalMs: 100_000,
  openMs: 10_000,
  emptyMs: 5_000,
  maxEmptyMs: 20_000,
  keepFinalMs: 400_000,
  keepOpenMs: 60_000,
};

/** How long a client waits: until it is told to leave, an hour, or no longer than it takes to answer from a cache. */
type Patience = 'endless' | 'long' | 'spent';

/** One thing that happens. Numbers choose among what there is at that time, whatever their size. */
export type Step =
  | { readonly do: 'ask'; readonly call: number; readonly refresh: boolean; readonly patience: Patience }
  /** A batch of all calls, one of them twice; then the contact centre answers all that waits. */
  | { readonly do: 'ask for all'; readonly refresh: boolean }
  | { readonly do: 'leave'; readonly client: number }
  | { readonly do: 'answer'; readonly question: number }
  | { readonly do: 'break' | 'mend' | 'progress'; readonly call: number }
  | { readonly do: 'clock'; readonly ms: number };

const CALLS = createKeys(3);
const call = fc.nat(CALLS.length - 1);
const refresh = fc.boolean();
const patience = fc.constantFrom<Patience>('endless', 'endless', 'long', 'spent');
const jump = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(10_000, 20_000, 100_000) },
  { weight: 2, arbitrary: fc.constantFrom(1, 4_999, 5_000, 9_999, 60_000, 400_000) },
  { weight: 1, arbitrary: fc.constantFrom(-1, -9_000, -60_001, -150_000) },
);

/** Any run of events. */
export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ do: fc.constant('ask' as const), call, refresh: fc.constant(false), patience }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('ask' as const), call, refresh: fc.constant(true), patience }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('ask for all' as const), refresh }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), client: fc.nat() }) },
    { weight: 6, arbitrary: fc.record({ do: fc.constant('answer' as const), question: fc.nat() }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('break' as const, 'mend' as const), call }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('progress' as const), call }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('clock' as const), ms: jump }) },
  ),
  { maxLength: 60, size: 'max' },
);

/** How the asks of runs were answered, counted: a property that never met a stale answer says nothing about them. */
export type Tally = Map<'asked' | 'joined' | 'fresh' | 'fetched' | 'stale' | 'failed', number>;

/** A question that the contact centre has not answered. */
interface Question {
  readonly key: TraceKey;
  readonly refresh: boolean;
  readonly answer: (result: CallTrace | Error) => void;
}

/** What the contact centre answered. */
interface Outcome {
  readonly text: string;
  readonly refresh: boolean;
  readonly result: CallTrace | Error;
}

/** One key of a client's question, and how things stood when it was asked. */
interface Wish {
  readonly key: TraceKey;
  readonly held: CallTrace | undefined;
  readonly askedAt: number;
  /** How many outcomes there had been. */
  readonly since: number;
  readonly refresh: boolean;
}

interface Client {
  readonly wishes: readonly Wish[];
  readonly controller: AbortController;
  readonly done: Promise<void>;
  /** It stopped waiting before it was answered. */
  gaveUp: boolean;
  answered: boolean;
}

export interface StackOptions {
  /** From the near end to the far one. */
  readonly stages: readonly Stage[];
  /** Fulfils when the stages have done what they can do without a further answer of the contact centre. */
  readonly settle?: () => Promise<void>;
}

/**
 * Runs a stack over a contact centre whose answers come one by one, and holds it against a model of one memory:
 * who asks gets the call he asked for; what is fresh is not asked for again; who asks what is under way shares it;
 * a failure is nobody's answer but theirs who waited for it; a trace that stands in says so, and no other does.
 */
export async function runStack(events: readonly Step[], options: StackOptions, tally: Tally): Promise<void> {
  const { stages, settle = quiet } = options;
  let clock = FETCHED_AT;
  const now = (): number => clock;
  /** Of each call: 0 before it begins, 1 while it goes on, then over. At first there is one of each kind. */
  const progress = new Map(CALLS.map((key, index) => [key, index]));
  const broken = new Set<TraceKey>();
  let questions: Question[] = [];
  /** The names of all questions, those answered included. */
  const everAsked: string[] = [];
  const outcomes: Outcome[] = [];
  /** The newest trace of each key that a client was given. */
  const held = new Map<string, CallTrace>();
  const clients: Client[] = [];

  const contactCentre: FetchTraces = (keys, ask = {}) => Promise.all(keys.map((key) => enter(key, ask)));
  const fetchTraces = stages.reduceRight((next, stage) => stage(next, now), contactCentre);

  for (const event of events) await happen(event);
  await answerAll();
  await happen({ do: 'ask for all', refresh: true });
  expect(clients.filter(({ answered }) => !answered)).toEqual([]);
  await Promise.all(clients.map(({ done }) => done));

  async function happen(event: Step): Promise<void> {
    switch (event.do) {
      case 'ask':
        return ask([keyOf(event.call)], event.refresh, event.patience);
      case 'ask for all':
        await ask([...CALLS, CALLS[0]], event.refresh, 'endless');
        return answerAll();
      case 'leave':
        return leave(event.client);
      case 'answer':
        if (questions.length > 0) answer(questions[event.question % questions.length]);
        return settle();
      case 'break':
        broken.add(keyOf(event.call));
        return;
      case 'mend':
        broken.delete(keyOf(event.call));
        return;
      case 'progress':
        progress.set(keyOf(event.call), (progress.get(keyOf(event.call)) ?? 0) + 1);
        return;
      case 'clock':
        clock += event.ms;
    }
  }

  async function ask(keys: readonly TraceKey[], refreshing: boolean, patience: Patience): Promise<void> {
    const wishes = keys.map((key) => ({
      key,
      held: held.get(traceKeyText(key)),
      askedAt: clock,
      since: outcomes.length,
      refresh: refreshing,
    }));
    const expected = patience === 'spent' ? [] : questionsFor(wishes);
    const before = everAsked.length;
    const controller = new AbortController();
    const answers = fetchTraces(keys, {
      signal: controller.signal,
      ...(refreshing && { refresh: true }),
      ...(patience !== 'endless' && { deadlineAt: patience === 'spent' ? clock : clock + 60 * MINUTE_MS }),
    });
    const client: Client = {
      wishes,
      controller,
      gaveUp: patience === 'spent',
      answered: false,
      done: answers.then((results) => {
        client.answered = true;
        expect(results).toHaveLength(keys.length);
        wishes.forEach((wish, index) => judge(wish, results[index], client.gaveUp));
      }),
    };
    // Looked at again, with everybody else, at the end of the run.
    client.done.catch(() => undefined);
    clients.push(client);
    if (patience === 'spent') await client.done;
    await settle();
    expect(everAsked.slice(before).sort()).toEqual(expected.sort());
    count('asked', expected.length);
  }

  /** The questions that may go to the contact centre, by the model: none for what is fresh or under way. */
  function questionsFor(wishes: readonly Wish[]): string[] {
    const underWay = new Set(questions.map(nameOf));
    return wishes.flatMap((wish) => {
      const ordinary = nameOf({ key: wish.key, refresh: false });
      const refreshed = nameOf({ key: wish.key, refresh: true });
      if (!wish.refresh && wish.held && isFresh(wish.held, wish.askedAt)) return [];
      if (underWay.has(wish.refresh ? refreshed : ordinary)) {
        count('joined', 1);
        return [];
      }
      const name = wish.refresh ? refreshed : ordinary;
      underWay.add(name);
      return [name];
    });
  }

  function enter(key: TraceKey, { refresh: refreshing = false, signal }: AskOptions): Promise<CallTrace | Error> {
    return new Promise((resolve) => {
      const question: Question = {
        key,
        refresh: refreshing,
        answer(result) {
          questions = questions.filter((one) => one !== question);
          resolve(result);
        },
      };
      questions = [...questions, question];
      everAsked.push(nameOf(question));
      signal?.addEventListener('abort', () => question.answer(new Error('nobody waits')), { once: true });
    });
  }

  function answer(question: Question | undefined): void {
    if (!question) return;
    const result = resultFor(question.key);
    outcomes.push({ text: traceKeyText(question.key), refresh: question.refresh, result });
    question.answer(result);
  }

  function resultFor(key: TraceKey): CallTrace | Error {
    if (broken.has(key)) return new UpstreamUnavailableError('the contact centre is away');
    const stage = progress.get(key) ?? 0;
    return (stage === 0 ? emptyTrace : stage === 1 ? openTrace : finalTrace)(key, { fetchedAt: clock });
  }

  function answerAll(): Promise<void> {
    questions.forEach(answer);
    return settle();
  }

  async function leave(number: number): Promise<void> {
    const waiting = clients.filter(({ answered }) => !answered);
    const client = waiting[number % Math.max(1, waiting.length)];
    if (!client) return;
    client.gaveUp = true;
    client.controller.abort();
    await client.done;
    await settle();
  }

  /** Holds an answer against what the client may be told. */
  function judge(wish: Wish, result: CallTrace | Error | undefined, gaveUp: boolean): void {
    const text = traceKeyText(wish.key);
    const heard = outcomes.slice(wish.since).filter((outcome) => outcome.text === text);
    const failed = gaveUp || heard.some((outcome) => outcome.result instanceof Error);
    const fresh = !wish.refresh && wish.held !== undefined && isFresh(wish.held, wish.askedAt);
    const keeps = !wish.refresh && wish.held !== undefined && standsIn(wish.held, wish.askedAt);
    if (result === undefined) throw new Error('a key without an answer');
    if (result instanceof Error) {
      count('failed', 1);
      expect({ failed, fresh, keeps }).toEqual({ failed: true, fresh: false, keeps: false });
      return;
    }
    expect(traceKeyText(result.key)).toBe(text);
    for (const record of result.records) expect(record.deviceNo).toBe(text);
    if (result.stale) {
      count('stale', 1);
      expect({ failed, fresh, keeps }).toEqual({ failed: true, fresh: false, keeps: true });
      expect(contentOf(result)).toEqual(wish.held && contentOf(wish.held));
    } else if (fresh) {
      count('fresh', 1);
      expect(contentOf(result)).toEqual(contentOf(wish.held));
    } else {
      count('fetched', 1);
      const told = heard.flatMap((outcome) =>
        outcome.result instanceof Error || wish.refresh !== outcome.refresh ? [] : [contentOf(outcome.result)],
      );
      expect(told).toContainEqual(contentOf(result));
      held.set(text, result);
    }
  }

  function count(what: Parameters<Tally['set']>[0], times: number): void {
    tally.set(what, (tally.get(what) ?? 0) + times);
  }
}

function keyOf(number: number): TraceKey {
  return CALLS[number] ?? CALLS[0];
}

function nameOf({ key, refresh: refreshing }: Pick<Question, 'key' | 'refresh'>): string {
  return `${refreshing ? 'refresh ' : ''}${traceKeyText(key)}`;
}

function contentOf({ records, fetchedAt, final }: CallTrace) {
  return { records: records.length, fetchedAt, final };
}

/** The rules in the words of the design, apart from the code that is tested. */
function isFresh({ records, final, fetchedAt, emptyStreak }: CallTrace, now: number): boolean {
  const emptyMs = Math.min(RULES.maxEmptyMs, RULES.emptyMs * 2 ** (emptyStreak - 1));
  const lifeMs = records.length === 0 ? emptyMs : final ? RULES.finalMs : RULES.openMs;
  return now < fetchedAt + lifeMs && fetchedAt <= now + MINUTE_MS;
}

function standsIn({ records, final, fetchedAt }: CallTrace, now: number): boolean {
  return records.length > 0 && now < fetchedAt + (final ? RULES.keepFinalMs : RULES.keepOpenMs);
}
