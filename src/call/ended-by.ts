import type { CallDetailRecord } from './trace.js';

/** Who ended a call. `UNKNOWN` where the codes name nobody. */
export type CallParty = 'CUSTOMER' | 'AGENT' | 'SYSTEM' | 'UNKNOWN';

/*
 * Leave reasons and release causes that name a party. The leave reason is asked first: it stands in an official table,
 * while the release causes above 500 are known from lists. A code that names nobody, or both, is left out.
 */
const LEAVE_REASONS: Readonly<Record<number, CallParty>> = {
  15: 'CUSTOMER', // USER_RELEASED
  88: 'CUSTOMER', // USER_HUNG_UP_AFTER_ANSWER
  89: 'CUSTOMER', // USER_HUNG_UP_BEFORE_ANSWER
  16: 'AGENT', // AGENT_RELEASED
  49: 'AGENT', // AGENT_CANCELLED_INCOMING_CALL
  50: 'AGENT', // AGENT_REJECTED
  2: 'SYSTEM', // TIMEOUT_TRANSFER
  14: 'SYSTEM', // CALLED_NUMBER_NOT_CONFIGURED
  19: 'SYSTEM', // INTERNAL_ERROR
  25: 'SYSTEM', // ACD_NO_RESOURCE
  52: 'SYSTEM', // CONFERENCE_RELEASED
};

const RELEASE_CAUSES: Readonly<Record<number, CallParty>> = {
  49: 'CUSTOMER', // USER_RELEASED_BEFORE_ANSWER
  80: 'CUSTOMER', // QUEUING_CANCELLED_BY_USER
  531: 'CUSTOMER', // USER_HANGUP
  601: 'CUSTOMER', // USER_HANGUP_BEFORE_ANSWER
  701: 'CUSTOMER', // USER_HANGUP_WHILE_QUEUING
  1281: 'AGENT', // AGENT_HANGUP
  0: 'SYSTEM', // NORMAL_CLEARING: the flow disconnects
  1: 'SYSTEM', // RESOURCES_FULL
  256: 'SYSTEM', // IVR_NORMAL_CLEARING
  359: 'SYSTEM', // MAX_TALK_TIME_EXCEEDED
  512: 'SYSTEM', // QUEUE_TIMEOUT
  513: 'SYSTEM', // QUEUE_TIMEOUT_2
  702: 'SYSTEM', // QUEUING_TIMEOUT
  1040: 'SYSTEM', // RINGING_TIMEOUT
};

/** The party that ended the call, from its final CDR. */
export function endedBy(final: Pick<CallDetailRecord, 'leaveReason' | 'releaseCause'>): CallParty {
  const byReason = final.leaveReason === null ? undefined : LEAVE_REASONS[final.leaveReason];
  const byCause = final.releaseCause === null ? undefined : RELEASE_CAUSES[final.releaseCause];
  return byReason ?? byCause ?? 'UNKNOWN';
}
