import type { CallDetailRecord } from '../trace.js';
import { phasesOf, type Phases } from './phases.js';
import { REASON } from './reasons.js';
import type { CallSpan } from './span.js';
import type { Readings } from './understanding.js';

/**
 * Whose leg it is. `CONSULTATION`: an agent asked another one, without the customer. `MONITOR`: somebody listened in, for
 * quality inspection.
 */
export type LegPart = 'CUSTOMER' | 'CONSULTATION' | 'MONITOR';

/** A record in its place, with what it alone tells. */
export interface Leg extends Phases {
  /** Range: from 1. */
  readonly position: number;
  readonly record: CallDetailRecord;
  readonly part: LegPart;
}

/** Internal consultation of two, and of three parties. Source: page cec_07_0582. */
const CONSULTATION_CALL_TYPES: ReadonlySet<number | null> = new Set([51, 52]);
/** Entered a CDN, or a PGR, by an agent's consultation. */
const ENTERED_BY_CONSULTATION: ReadonlySet<number | null> = new Set([38, 45]);
/** Quality inspection in a network of call centres. Source: page cec_07_0700. */
const MONITOR_CALL_TYPES: ReadonlySet<number | null> = new Set([15, 16]);

/** Enter reasons of a leg that goes on with a customer who was held. */
export const ENDS_HOLD: ReadonlySet<number | null> = new Set([
  REASON.SUSPEND_RESUMED,
  REASON.HELD_CALL_CONNECTED,
  REASON.HOLD_RETRIEVED,
  REASON.THREE_PARTY_CONVERSATION,
  REASON.INTERNAL_HELP_REQUESTER_RELEASED,
]);

/** Returns the legs of a call, in the order of its records. */
export function createLegs(records: readonly CallDetailRecord[], span: CallSpan, readings: Readings): readonly Leg[] {
  let isHeld = false;
  return records.map((record, index) => {
    const part = partOf(record, isHeld);
    if (part === 'CUSTOMER') {
      if (ENDS_HOLD.has(record.enterReason)) isHeld = false;
      if (record.leaveReason === REASON.HELD) isHeld = true;
    }
    return { position: index + 1, record, part, ...phasesOf(record, span, readings) };
  });
}

/** Three-party help has the customer on the line, unless they are held meanwhile. */
function partOf({ callType, enterReason }: CallDetailRecord, isHeld: boolean): LegPart {
  if (MONITOR_CALL_TYPES.has(callType)) return 'MONITOR';
  if (CONSULTATION_CALL_TYPES.has(callType) || ENTERED_BY_CONSULTATION.has(enterReason)) return 'CONSULTATION';
  return isHeld && enterReason === REASON.THREE_PARTY_HELP ? 'CONSULTATION' : 'CUSTOMER';
}

/** The agent of a leg; null if it is at another device, or the record does not name one. */
export function agentOf({ device, record }: Leg): string | null {
  return device === 'AGENT' ? record.deviceNo : null;
}
