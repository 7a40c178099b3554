import type { GraphqlErrorBody } from '../../support/client.js';
import type { WireRecord } from './scripted-centre.js';
import type { ScriptedGateway } from './setup.js';

/** When the calls of these tests begin: 2025-06-15T08:00:00Z. Unit: ms since 1970-01-01 UTC. */
export const CALL_BEGAN_AT = Date.UTC(2025, 5, 15, 8);

/** So many seconds after the calls of these tests begin. Unit: ms since 1970-01-01 UTC. */
export function second(seconds: number): number {
  return CALL_BEGAN_AT + seconds * 1000;
}

/** A call ID whose head tells when the call began (ms since 1970-01-01 UTC). */
export function callIdAt(startedAt: number, number = 1): string {
  return `${Math.floor(startedAt / 1000)}-${number}`;
}

/** A record of an agent of which only the number is known, unless the test says more. */
export function record(callIdNum: number, change: WireRecord = {}): WireRecord {
  return { callIdNum: String(callIdNum), deviceType: '2', deviceNo: '2001', ...change };
}

/** The records of a call that an agent answered: in the queue for 10 s, then 50 s of talk, unless it began otherwise. */
export function finishedCall(beganAt = CALL_BEGAN_AT): WireRecord[] {
  return [
    record(1, { deviceType: '1', deviceNo: '101', waitBegin: beganAt, callEnd: beganAt + 10_000 }),
    record(-1, { callBegin: beganAt + 10_000, callEnd: beganAt + 60_000 }),
  ];
}

/** The same while the agent still talks. */
export function runningCall(beganAt = CALL_BEGAN_AT): WireRecord[] {
  return [...finishedCall(beganAt).slice(0, 1), record(2, { callBegin: beganAt + 10_000 })];
}

/** What the tests ask of a call, if nothing else. */
export const FIELDS = 'callId month complete legs { callIdNum } freshness { source stale final ageMs }';

/** A call with the fields of `FIELDS`; others as well where the test selects them. */
export interface AnsweredCall {
  readonly callId: string;
  readonly month: string;
  readonly complete: boolean;
  readonly legs: readonly Readonly<Record<string, unknown>>[];
  readonly freshness: {
    readonly source: 'UPSTREAM' | 'SHARED_CACHE' | 'MEMORY';
    readonly stale: boolean;
    readonly final: boolean;
    readonly ageMs: number;
  };
  readonly [field: string]: unknown;
}

/** Asks a gateway for a call, by the arguments beside the VDN. Null: no such call. Rejects with the errors of the answer. */
export async function askFor(gateway: ScriptedGateway, args: string, fields = FIELDS): Promise<AnsweredCall | null> {
  const { body } = await gateway.query(`{ call(vdn: 170, ${args}) { ${fields} } }`);
  if (body.errors) throw new AnswerError(body.errors);
  return (body.data?.['call'] ?? null) as AnsweredCall | null;
}

/** An answer with errors. */
export class AnswerError extends Error {
  /** The code of the first. */
  readonly code: unknown;

  constructor(errors: readonly GraphqlErrorBody[]) {
    super(JSON.stringify(errors));
    this.code = errors[0]?.extensions['code'];
  }
}

/** The argument that names a call by its ID alone. */
export function byId(callId: string): string {
  return `callId: "${callId}"`;
}
