import type { AskOptions, FetchTraces } from '../../../src/call/fetch-traces.js';
import type { TraceKey } from '../../../src/call/key.js';
import type { CallTrace } from '../../../src/call/trace.js';
import type { SeenRequest, Simulator } from '../../../simulator/simulator.js';
import { createKey } from '../../fixtures/records.js';

/** A call of five legs that ended long ago; not at the time of the simulator's stories. */
export const KEY = createKey({ callId: '1749970800-5' });

/** So many keys of calls that the simulator knows. */
export function someKeys(count: number): TraceKey[] {
  return Array.from({ length: count }, (_, n) => createKey({ callId: `1749970800-${1000 + n}` }));
}

/** The answers to a question. */
export function askAll(
  { fetchTraces }: { readonly fetchTraces: FetchTraces },
  keys: readonly TraceKey[],
  ask?: AskOptions,
): Promise<(CallTrace | Error)[]> {
  return Promise.all(fetchTraces(keys, ask));
}

/** The answer to a question for one key. */
export async function ask(
  upstream: { readonly fetchTraces: FetchTraces },
  key: TraceKey = KEY,
  options?: AskOptions,
): Promise<CallTrace | Error> {
  const [answer] = await askAll(upstream, [key], options);
  if (answer === undefined) throw new Error('no answer');
  return answer;
}

/** The same, which must be a trace. */
export async function traceFrom(...args: Parameters<typeof ask>): Promise<CallTrace> {
  const answer = await ask(...args);
  if (answer instanceof Error) throw answer;
  return answer;
}

/** The names of the errors among answers; `trace` for a trace. */
export function kinds(answers: readonly (CallTrace | Error)[]): string[] {
  return answers.map((answer) => (answer instanceof Error ? answer.name : 'trace'));
}

/** The request that the contact centre saw in this place, from 0 on. */
export function seen(simulator: Simulator, place: number): SeenRequest {
  const request = simulator.requests[place];
  if (request === undefined) throw new Error(`the contact centre saw ${simulator.total} requests`);
  return request;
}

/** The time that a request was signed with. */
export function signedTime(request: SeenRequest): string | undefined {
  return request.headers['authorization']?.split('/')[2];
}
