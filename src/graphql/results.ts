import type { Call } from '../call/call.js';
import type { CallTrace } from '../call/trace.js';
import type { Failure } from './format-error.js';

/** Why there is no call for a key. */
export interface Problem extends Failure {
  /** Of the key. */
  readonly ccId: number;
  readonly vdn: number;
  readonly callId: string;
  readonly requestId: string;
}

/** Result for one key: a call, a trace without records where there is none, or the error. */
export type CallResult = Call | CallTrace | Problem;

/** Returns the name of the schema's type of a result. */
export function resultTypeOf(result: CallResult): 'Call' | 'CallNotFound' | 'CallProblem' {
  if ('legs' in result) return 'Call';
  return 'records' in result ? 'CallNotFound' : 'CallProblem';
}
