import { directionOf } from './codes/codes.js';
import { finalRecord, type CallDetailRecord } from './trace.js';

/** Who ended a call. `UNKNOWN` where the codes name nobody. */
export type CallParty = 'CUSTOMER' | 'AGENT' | 'SYSTEM' | 'UNKNOWN';

/*
 * The codes that name a party. Those that name nobody are left out, and so are those with two documented meanings: the
 * release causes 4, 11, 551 and 701. Source of the numbers: codes/reason.ts, codes/release-cause.ts.
 */
const BY_LEAVE_REASON = partyByCode({
  CUSTOMER: [15, 88, 89],
  AGENT: [16, 49, 50],
  SYSTEM: [2, 3, 5, 14, 19, 25, 30, 31, 34, 40, 54],
});
const BY_RELEASE_CAUSE = partyByCode({
  CUSTOMER: [49, 80, 531, 601],
  AGENT: [1281],
  SYSTEM: [
    ...[1, 257, 602, 605, 1048], // no capacity
    ...[2, 7, 12, 13, 14, 61, 63, 263, 348, 357, 360, 1056, 20388], // a fault
    ...[5, 6], // a mailbox answered
    ...[16, 359], // the longest talk time
    ...[50, 251, 252, 253, 254], // charging
    ...[59, 60, 62, 338, 339, 340, 342, 519, 520, 21053], // the configuration
    ...[258, 343, 344, 345, 347, 349, 350, 351, 352, 353, 354], // timeouts inside the platform …
    ...[503, 504, 505, 506, 507, 508, 509, 510, 511, 514, 516, 606, 703, 1041, 1046],
    ...[512, 513, 702], // … in the queue
    ...[515], // … of a transfer
    ...[517, 1040], // … while it rang
    ...[20139, 20348], // no agent
  ],
});
/** The called party rejected the call: an agent, in an internal call. */
const REJECTED_REASON = 27;
const REJECTED_CAUSES: ReadonlySet<number | null> = new Set([9, 604]);
/** Normal clearing: the flow's, if the call ends at one; elsewhere it names nobody. */
const NEUTRAL_CAUSES: ReadonlySet<number | null> = new Set([0, 256, 501]);
/** IVR, TEMPORARY_ROUTING_DEVICE, CDN, PGR. */
const FLOW_DEVICES: ReadonlySet<number | null> = new Set([3, 7, 10, 14]);
/** Agent to agent, consultations, and calls of several parties. Source: pages cec_07_0700, cec_07_0582. */
const INTERNAL_CALL_TYPES: ReadonlySet<number> = new Set([6, 51, 52, 53]);

/**
 * Returns the party that ended a call, by the leave reason of its final CDR, else by its release cause: leave reasons
 * stand in an official table, the release causes above 500 are known from lists. Null while the call is in progress.
 */
export function endedBy(records: readonly CallDetailRecord[]): CallParty | null {
  const final = finalRecord(records);
  if (final === null) return null;
  const { leaveReason, releaseCause, deviceType } = final;
  const callTypes = records.map(({ callType }) => callType).filter((callType) => callType !== null);
  // Only if all its legs are: a customer's call may well end with a consultation.
  const isInternal = callTypes.length > 0 && callTypes.every((callType) => INTERNAL_CALL_TYPES.has(callType));
  const isOutbound = directionOf(callTypes[0] ?? null) === 'OUTBOUND';
  const calledParty = isInternal ? 'AGENT' : 'CUSTOMER';

  let party = BY_LEAVE_REASON.get(leaveReason);
  if (leaveReason === REJECTED_REASON && (isInternal || isOutbound)) party = calledParty;
  if (REJECTED_CAUSES.has(releaseCause)) party ??= calledParty;
  if (NEUTRAL_CAUSES.has(releaseCause) && FLOW_DEVICES.has(deviceType)) party ??= 'SYSTEM';
  party ??= BY_RELEASE_CAUSE.get(releaseCause);
  return party === undefined || (isInternal && party === 'CUSTOMER') ? 'UNKNOWN' : party; // it has no customer
}

function partyByCode(codes: Readonly<Record<string, readonly number[]>>): ReadonlyMap<number | null, CallParty> {
  return new Map(Object.entries(codes).flatMap(([party, list]) => list.map((code) => [code, party as CallParty])));
}
