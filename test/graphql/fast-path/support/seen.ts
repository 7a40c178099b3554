import { expect } from '@jest/globals';
import type { Question, Twin, Twins } from './twins.js';

/** What two gateways were asked, and what was done to both, in one case. */
export interface Comparison {
  /** Asks both. Throws if they answer otherwise, ask their contact centres for other things, or write other lines in their logs. */
  ask(question: Question): Promise<void>;
  /** Takes down what happens between two questions. */
  note(what: string): void;
  /** Throws if their counters have moved otherwise since the last end. */
  end(): Promise<void>;
  /** How many questions were asked. */
  readonly asked: number;
}

/** Begins a comparison; by its name a case's requests are told from those of others. */
export function compareTwins({ fast, standard }: Twins, name: string): Comparison {
  const transcript: string[] = [];
  let asked = 0;
  return {
    async ask(question) {
      asked += 1;
      const whole = { ...question, headers: { 'x-request-id': `${name}-${asked}`, ...question.headers } };
      transcript.push(JSON.stringify(whole));
      compare(await seen(fast, whole), await seen(standard, whole));
    },
    note: (what) => void transcript.push(what),
    async end() {
      compare(await fast.moved(), await standard.moved());
    },
    get asked() {
      return asked;
    },
  };

  function compare(ours: unknown, theirs: unknown): void {
    try {
      expect(ours).toEqual(theirs);
    } catch (error) {
      throw new Error([(error as Error).message, ...transcript].join('\n'), { cause: error });
    }
  }
}

/** What one question brings about that can be seen. */
async function seen(twin: Twin, question: Question) {
  const asked = twin.simulator.total;
  const logged = twin.logLines.length;
  const answer = await twin.ask(question);
  const requests = twin.simulator.total - asked;
  const latest = requests === 0 ? [] : twin.simulator.requests.slice(-requests);
  return {
    answer: { ...answer, body: withErrorsInOrder(answer.body) },
    upstream: latest.map(({ body }) => body).sort(),
    log: twin.logLines.slice(logged).flatMap(comparable),
  };
}

/** The errors of fields that run side by side stand in the order in which they came about, of which nothing is promised. */
function withErrorsInOrder(body: string): string {
  const { errors, ...rest } = JSON.parse(body) as { readonly errors?: readonly object[] };
  if (!errors || errors.length < 2) return body;
  return JSON.stringify({ errors: errors.map((error) => JSON.stringify(error)).sort(), ...rest });
}

/** Lines that come every 30 s of real time, whatever is asked; and those of clocks, which also renewals behind an answer cause. */
const BY_REAL_TIME = /^(no request|requests) to the contact centre failed in|^our clock and that of the contact centre/;

/** A line of the log, without what differs from one moment, or one contact centre, to another. */
function comparable(line: string): object[] {
  const entry = JSON.parse(line) as Record<string, unknown>;
  if (BY_REAL_TIME.test(String(entry['msg']))) return [];
  const calls = 'calls' in entry ? { calls: (entry['calls'] as string[]).toSorted() } : {};
  const baseUrl = 'baseUrl' in entry ? { baseUrl: '' } : {};
  return [{ ...entry, time: 0, ms: 0, ...calls, ...baseUrl }];
}
