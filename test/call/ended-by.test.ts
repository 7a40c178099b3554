import { describe, expect, it } from '@jest/globals';
import { createCodeTables } from '../../src/call/codes/codes.js';
import { endedBy, type CallParty } from '../../src/call/ended-by.js';

const codes = createCodeTables();

/** By name, so that a wrong number in the source shows. */
const BY_LEAVE_REASON: [string, CallParty][] = [
  ['USER_RELEASED', 'CUSTOMER'],
  ['USER_HUNG_UP_AFTER_ANSWER', 'CUSTOMER'],
  ['USER_HUNG_UP_BEFORE_ANSWER', 'CUSTOMER'],
  ['AGENT_RELEASED', 'AGENT'],
  ['AGENT_CANCELLED_INCOMING_CALL', 'AGENT'],
  ['AGENT_REJECTED', 'AGENT'],
  ['TIMEOUT_TRANSFER', 'SYSTEM'],
  ['CALLED_NUMBER_NOT_CONFIGURED', 'SYSTEM'],
  ['INTERNAL_ERROR', 'SYSTEM'],
  ['ACD_NO_RESOURCE', 'SYSTEM'],
  ['CONFERENCE_RELEASED', 'SYSTEM'],
  ['NORMAL', 'UNKNOWN'],
  ['TRANSFERRED_OUT', 'UNKNOWN'],
];

const BY_RELEASE_CAUSE: [string, CallParty][] = [
  ['USER_RELEASED_BEFORE_ANSWER', 'CUSTOMER'],
  ['QUEUING_CANCELLED_BY_USER', 'CUSTOMER'],
  ['USER_HANGUP', 'CUSTOMER'],
  ['USER_HANGUP_BEFORE_ANSWER', 'CUSTOMER'],
  ['USER_HANGUP_WHILE_QUEUING', 'CUSTOMER'],
  ['AGENT_HANGUP', 'AGENT'],
  ['NORMAL_CLEARING', 'SYSTEM'],
  ['RESOURCES_FULL', 'SYSTEM'],
  ['IVR_NORMAL_CLEARING', 'SYSTEM'],
  ['MAX_TALK_TIME_EXCEEDED', 'SYSTEM'],
  ['QUEUE_TIMEOUT', 'SYSTEM'],
  ['QUEUE_TIMEOUT_2', 'SYSTEM'],
  ['QUEUING_TIMEOUT', 'SYSTEM'],
  ['RINGING_TIMEOUT', 'SYSTEM'],
  ['OUTBOUND_USER_HANGUP_OR_UNREACHABLE', 'UNKNOWN'],
];

function codeOf(table: 'leaveReason' | 'releaseCause', name: string): number {
  const row = codes[table].rows.find((candidate) => candidate.name === name);
  if (row === undefined) throw new Error(`${table} has no ${name}`);
  return row.code;
}

describe('endedBy', () => {
  it.each(BY_LEAVE_REASON)('reads the leave reason %s as %s', (name, party) => {
    expect(endedBy({ leaveReason: codeOf('leaveReason', name), releaseCause: null })).toBe(party);
  });

  it.each(BY_RELEASE_CAUSE)('reads the release cause %s as %s where the leave reason names nobody', (name, party) => {
    const releaseCause = codeOf('releaseCause', name);
    expect(endedBy({ leaveReason: null, releaseCause })).toBe(party);
    expect(endedBy({ leaveReason: codeOf('leaveReason', 'NORMAL'), releaseCause })).toBe(party);
  });

  it('believes the leave reason before the release cause', () => {
    const releaseCause = codeOf('releaseCause', 'USER_HANGUP');
    expect(endedBy({ leaveReason: codeOf('leaveReason', 'AGENT_RELEASED'), releaseCause })).toBe('AGENT');
  });

  it('names nobody for codes it does not know', () => {
    expect(endedBy({ leaveReason: 9999, releaseCause: 9999 })).toBe('UNKNOWN');
    expect(endedBy({ leaveReason: null, releaseCause: null })).toBe('UNKNOWN');
  });
});
