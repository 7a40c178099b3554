import type { CallTrace } from '../../src/call/trace.js';
import type { StoryName } from './calls.js';
import type { ModelGateway } from './gateway.js';

/** A question of a client, from when it is put. */
export interface Question {
  readonly gateway: ModelGateway;
  readonly call: StoryName;
  readonly refresh: boolean;
  /** Unit: ms. */
  readonly patienceMs: number;
  /** Unit: ms since 1970-01-01 UTC. */
  readonly beganAt: number;
  /** How many requests the contact centre had seen by then. */
  readonly since: number;
  /** Whether it may wait for the same answer as a refresh at its gateway. */
  readonly sharesRefresh: () => boolean;
  /** When the first question began whose answer it may wait for, too. Unit: ms since 1970-01-01 UTC. */
  readonly sharedSince: () => number;
  /** The client has left. */
  left: boolean;
  /** Unit: ms since 1970-01-01 UTC; undefined until it is answered. */
  endedAt?: number;
}

/** Is told what promise was broken. */
export type Breach = (what: string) => void;

/** `Date` counts whole seconds, so that a trace is dated up to so much too early. Unit: ms. */
export const DATE_ERROR_MS = 1_100;

/** Why an answer is judged as it is, for whoever reads of a breach. `now` by the contact centre's clock. */
export function describeAnswer(result: CallTrace | Error, now: number): string {
  if (result instanceof Error) return `${result.name}: ${result.message}`;
  const { records, stale, source, askedAt } = result;
  const serials = [...new Set(records.map(({ callerNo }) => callerNo))].join(' and ');
  const of = records.length === 0 ? 'no records' : `${records.length} records of request ${serials}`;
  return `${of}, ${stale ? 'stale, ' : ''}from ${source}, dated ${now - askedAt} ms ago`;
}
