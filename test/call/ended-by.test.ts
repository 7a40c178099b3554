import { describe, expect, it } from '@jest/globals';
import { createCodeTables } from '../../src/call/codes/codes.js';
import { endedBy, type CallParty } from '../../src/call/ended-by.js';
import type { CallDetailRecord } from '../../src/call/trace.js';
import { createRecord } from '../fixtures/records.js';

const { leaveReason: LEAVE_REASONS, releaseCause: RELEASE_CAUSES } = createCodeTables();

/** By name, so that a wrong number in the source shows. What is not here names nobody. */
const BY_LEAVE_REASON: Readonly<Record<string, CallParty>> = {
  USER_RELEASED: 'CUSTOMER',
  USER_HUNG_UP_AFTER_ANSWER: 'CUSTOMER',
  USER_HUNG_UP_BEFORE_ANSWER: 'CUSTOMER',
  AGENT_RELEASED: 'AGENT',
  AGENT_CANCELLED_INCOMING_CALL: 'AGENT',
  AGENT_REJECTED: 'AGENT',
  TIMEOUT_TRANSFER: 'SYSTEM',
  NO_AGENT_ON_DUTY_TRANSFER: 'SYSTEM',
  AGENT_NO_ANSWER_TRANSFER: 'SYSTEM',
  CALLED_NUMBER_NOT_CONFIGURED: 'SYSTEM',
  INTERNAL_ERROR: 'SYSTEM',
  ACD_NO_RESOURCE: 'SYSTEM',
  SUCCESS_TRANSFER_TO_QUEUE_TIMEOUT: 'SYSTEM',
  THREE_PARTY_TRANSFER_TO_QUEUE_TIMEOUT: 'SYSTEM',
  NETWORK_CALL_FAILED_REQUEUED: 'SYSTEM',
  CDN_ROUTE_TIMEOUT: 'SYSTEM',
  LOW_CONNECT_RATE_TRANSFER: 'SYSTEM',
};

/** Likewise, but what is not here is the system's. */
const BY_RELEASE_CAUSE: Readonly<Record<string, CallParty>> = {
  USER_RELEASED_BEFORE_ANSWER: 'CUSTOMER',
  QUEUING_CANCELLED_BY_USER: 'CUSTOMER',
  USER_HANGUP: 'CUSTOMER',
  USER_HANGUP_BEFORE_ANSWER: 'CUSTOMER',
  CALLED_REJECTED: 'CUSTOMER',
  OUTBOUND_REJECTED: 'CUSTOMER',
  AGENT_HANGUP: 'AGENT',
  NORMAL_CLEARING: 'UNKNOWN',
  IVR_NORMAL_CLEARING: 'UNKNOWN',
  DEFAULT_CAUSE: 'UNKNOWN',
  ABNORMAL_RELEASE: 'UNKNOWN',
  CLIENT_DISCONNECTED: 'UNKNOWN',
  AGENT_ACTION_DURING_BRIDGING: 'UNKNOWN',
  UNALLOCATED_NUMBER: 'UNKNOWN',
  LINE_BUSY_OR_IVR_LINK_DOWN: 'UNKNOWN',
  OUTBOUND_USER_HANGUP_OR_UNREACHABLE: 'UNKNOWN',
  USER_HANGUP_WHILE_QUEUING: 'UNKNOWN',
  CALLED_NO_ANSWER: 'UNKNOWN',
  CALLED_OFF_HOOK_TIMEOUT: 'UNKNOWN',
  IVR_OUTBOUND_TIMEOUT: 'UNKNOWN',
  ACD_NO_ACK: 'UNKNOWN',
  OUTBOUND_NO_ANSWER: 'UNKNOWN',
  OUTBOUND_RESULT_TIMEOUT: 'UNKNOWN',
  OUTBOUND_DETECTION_TIMEOUT: 'UNKNOWN',
  CALLED_OUT_OF_COVERAGE: 'UNKNOWN',
  OUTBOUND_CALLED_OUT_OF_COVERAGE: 'UNKNOWN',
  CALLED_BUSY: 'UNKNOWN',
  OUTBOUND_CALLED_BUSY: 'UNKNOWN',
  CALLED_POWERED_OFF: 'UNKNOWN',
  OUTBOUND_CALLED_POWERED_OFF: 'UNKNOWN',
  OUTBOUND_UNALLOCATED_NUMBER: 'UNKNOWN',
  REDIRECT_RELEASE: 'UNKNOWN',
  REDIRECTED_BY_AGENT: 'UNKNOWN',
  REDIRECTED_BY_IVR: 'UNKNOWN',
};

const USER_HANGUP = 531;
const AGENT_HANGUP = 1281;
const [AGENT, QUEUE, IVR, CDN] = [2, 1, 3, 10];

/** Who ended an inbound call whose final CDR says so. */
function partyOf(change: Partial<CallDetailRecord>, ...others: readonly CallDetailRecord[]): CallParty | null {
  return endedBy([...others, createRecord({ callIdNum: -1, deviceType: AGENT, callType: 0, ...change })]);
}

describe('endedBy', () => {
  it('is null while the call is in progress', () => {
    expect(endedBy([createRecord({ callIdNum: 1, leaveReason: 15 })])).toBeNull();
    expect(endedBy([])).toBeNull();
  });

  it.each(LEAVE_REASONS.rows)('reads the leave reason $code $name', ({ code, name }) => {
    const party = BY_LEAVE_REASON[name];
    expect(partyOf({ leaveReason: code })).toBe(party ?? 'UNKNOWN');
    expect(partyOf({ leaveReason: code, releaseCause: AGENT_HANGUP })).toBe(party ?? 'AGENT');
    expect(partyOf({ leaveReason: code, releaseCause: USER_HANGUP })).toBe(party ?? 'CUSTOMER');
  });

  it.each(RELEASE_CAUSES.rows)('reads the release cause $code $name where the leave reason names nobody', (row) => {
    const party = BY_RELEASE_CAUSE[row.name] ?? 'SYSTEM';
    for (const leaveReason of [null, 0, 18, 52, 53])
      expect(partyOf({ leaveReason, releaseCause: row.code })).toBe(party);
  });

  it('has a code for every name in the tables of this test', () => {
    for (const [table, names] of [
      [LEAVE_REASONS, BY_LEAVE_REASON],
      [RELEASE_CAUSES, BY_RELEASE_CAUSE],
    ] as const)
      expect(table.rows.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(names)));
  });

  it.each([0, 256, 501])(
    'takes the neutral release cause %i for the system’s at an IVR or a router alone',
    (releaseCause) => {
      for (const deviceType of [IVR, 7, CDN, 14])
        expect(partyOf({ leaveReason: 0, releaseCause, deviceType })).toBe('SYSTEM');
      for (const deviceType of [AGENT, QUEUE, 5, 15, null])
        expect(partyOf({ leaveReason: 0, releaseCause, deviceType })).toBe('UNKNOWN');
    },
  );

  it('believes that a customer hung up while queuing (701) beside the leave reasons 15 and 89 alone', () => {
    for (const leaveReason of [15, 89]) expect(partyOf({ leaveReason, releaseCause: 701 })).toBe('CUSTOMER');
    expect(partyOf({ leaveReason: 0, releaseCause: 701 })).toBe('UNKNOWN');
  });

  it.each([6, 51, 52, 53])('names no customer in a call of agents alone, of type %i', (callType) => {
    for (const leaveReason of [15, 88, 89])
      expect(partyOf({ leaveReason, callType, releaseCause: 531 })).toBe('UNKNOWN');
    expect(partyOf({ leaveReason: 0, callType, releaseCause: USER_HANGUP })).toBe('UNKNOWN');
    expect(partyOf({ leaveReason: 16, callType })).toBe('AGENT');
    expect(partyOf({ leaveReason: 27, callType })).toBe('AGENT');
    for (const releaseCause of [9, 604]) expect(partyOf({ leaveReason: 0, callType, releaseCause })).toBe('AGENT');
  });

  it('names the customer who hung up while agents consulted', () => {
    const held = createRecord({ callIdNum: 3, callType: 0, leaveReason: 18 });
    expect(partyOf({ callType: 51, leaveReason: 15 }, held)).toBe('CUSTOMER');
  });

  it('takes a rejection (27) for the customer’s in an outbound call, and for nobody’s in an inbound one', () => {
    expect(partyOf({ leaveReason: 27, callType: 7 })).toBe('CUSTOMER');
    expect(partyOf({ leaveReason: 27, callType: 0 })).toBe('UNKNOWN');
    expect(partyOf({ leaveReason: 27, callType: null })).toBe('UNKNOWN');
  });

  it('names nobody for codes it does not know', () => {
    expect(partyOf({ leaveReason: 9999, releaseCause: 9999 })).toBe('UNKNOWN');
    expect(partyOf({ leaveReason: null, releaseCause: null })).toBe('UNKNOWN');
  });
});
