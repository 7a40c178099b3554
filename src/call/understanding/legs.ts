import { holdsNumber } from '../phone-number.js';
import type { CallDetailRecord } from '../trace.js';
import { phasesOf, type Device, type Phases } from './phases.js';
import { REASON } from './reasons.js';
import type { CallPeriod } from './period.js';
import type { Readings } from './understanding.js';

/**
 * Whose leg it is. `CONSULTATION`: an agent asked another one, without the customer. `MONITOR`: somebody listened in, for
 * quality inspection.
 */
export type LegPart = 'CUSTOMER' | 'CONSULTATION' | 'MONITOR';

/** A record with its position, and what can be derived from it without the others. */
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
export function createLegs(
  records: readonly CallDetailRecord[],
  period: CallPeriod,
  readings: Readings,
): readonly Leg[] {
  let isHeld = false;
  return records.map((record, index) => {
    const part = partOf(record, isHeld);
    if (part === 'CUSTOMER') {
      if (ENDS_HOLD.has(record.enterReason)) isHeld = false;
      if (record.leaveReason === REASON.HELD) isHeld = true;
    }
    const position = index + 1;
    return { position, record, part, ...phasesOf(record, position, period, readings) };
  });
}

/** Three-party help has the customer on the line, unless they are held meanwhile. */
function partOf({ callType, enterReason }: CallDetailRecord, isHeld: boolean): LegPart {
  if (MONITOR_CALL_TYPES.has(callType)) return 'MONITOR';
  if (CONSULTATION_CALL_TYPES.has(callType) || ENTERED_BY_CONSULTATION.has(enterReason)) return 'CONSULTATION';
  return isHeld && enterReason === REASON.THREE_PARTY_HELP ? 'CONSULTATION' : 'CUSTOMER';
}

/** The devices of which deviceNo is an ID. What it is elsewhere is not documented, and could be a short phone number. */
export const DEVICES_WITH_ID: ReadonlySet<Device> = new Set(['AGENT', 'QUEUE', 'IVR', 'ROUTER', 'CONFERENCE']);

/**
 * The ID of the device of a leg. Null where the record names none, outside of the contact centre, and where it could be a
 * phone number: what is derived goes unmasked into answers, narratives and links, so it never holds one.
 */
export function deviceIdOf({ device, record: { deviceNo } }: Leg): string | null {
  return deviceNo !== null && DEVICES_WITH_ID.has(device) && !holdsNumber(deviceNo, false) ? deviceNo : null;
}

/** The ID of the agent of a leg; null at another device, and where `deviceIdOf` is. */
export function agentOf(leg: Leg): string | null {
  return leg.device === 'AGENT' ? deviceIdOf(leg) : null;
}
