import type { ContactCentre } from './contact-centre.js';
import type { FaultName } from './fault-names.js';
import type { Fault } from './faults/fault.js';
import { STATUS_FAULTS } from './faults/http-status.js';
import { RECORD_FAULTS } from './faults/records.js';
import { RESULT_FAULTS } from './faults/result.js';
import { BLIND_FAULTS, DELIVERY_FAULTS } from './faults/transport.js';

/** What each fault does. */
export const FAULTS: Readonly<Record<FaultName, Fault>> = {
  ...BLIND_FAULTS,
  ...DELIVERY_FAULTS,
  ...STATUS_FAULTS,
  ...RESULT_FAULTS,
  ...RECORD_FAULTS,
};

/** The point at which a fault strikes: before the signature is looked at, or in place of the right answer. */
export type FaultPoint = 'before the signature' | 'instead of the answer';

/** The fault that this request meets at this point, counted as one of `faultCount`; null if it goes unharmed. */
export function drawFault(centre: ContactCentre, callId: string | null, point: FaultPoint): Fault | null {
  const { fault, faultCallIds, faultCount, faultRate } = centre.behaviour;
  if (fault === null || pointOf(fault) !== point) return null;
  if (faultCallIds !== null && (callId === null || !faultCallIds.includes(callId))) return null;
  if (faultCount === 0 || !centre.dice.chance(faultRate)) return null;
  if (faultCount !== null) {
    centre.configure(faultCount > 1 ? { faultCount: faultCount - 1 } : { fault: null, faultCount: null });
  }
  return FAULTS[fault];
}

function pointOf(fault: FaultName): FaultPoint {
  return fault in BLIND_FAULTS ? 'before the signature' : 'instead of the answer';
}
