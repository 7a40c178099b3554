import type { CallDetailRecord, CallTrace } from '../../../../src/call/trace.js';
import type { Readings } from '../../../../src/call/understanding/understanding.js';
import { after } from '../legs.js';

/** Some records, and what is to be derived from them. */
export interface Situation {
  readonly records: readonly CallDetailRecord[];
  readonly expect: Readonly<Record<string, unknown>>;
  readonly trace?: Partial<CallTrace>;
  readonly readings?: Readings;
}

/** A piece of the timeline, in seconds after the call began. */
export const piece = (state: string, from: number, to: number, legs?: readonly number[]) => ({
  ...{ state, from: after(from), to: after(to) },
  ...(legs && { legs }),
});

/** For `numbered`: no final CDR. */
export const OPEN = true;
/** Another agent, or another queue. */
export const B = { deviceNo: '2002' };
export const held = { leaveReason: 18 };
export const consultation = { callType: 51, deviceNo: '2003' };
