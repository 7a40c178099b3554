import { after, agent, ivr, leg, numbered, queue } from '../legs.js';
import { OPEN, consultation, held, type Situation } from './situation.js';

/** Who gave up, who ended a call, and what it came to. By the sentence that each shows. */
export const ENDINGS: Readonly<Record<string, Situation>> = {
  'a customer who gives up after a break waited since the break': {
    records: numbered([queue(0, 10), ivr(10, 20), queue(20, 50), agent([50, 50, 55, 55], { leaveReason: 89 })]),
    expect: { abandoned: { phase: 'RINGING', waitedMs: 35_000, afterAnswer: false }, timeToAnswerMs: null },
  },
  'a customer who leaves a router has left the flow': {
    records: numbered([leg(10, [0, null, null, 9], { leaveReason: 15 })]),
    expect: { verdict: 'ABANDONED_IN_IVR', abandoned: { phase: 'ROUTING', waitedMs: 0 } },
  },
  'a customer who hangs up while talking has given up nothing': {
    records: numbered([agent([0, 0, 5, 60], { leaveReason: 88 })]),
    expect: { abandoned: null, ending: { party: 'CUSTOMER', phase: 'TALKING', confidence: 'HIGH' } },
  },
  'what was asked or left in writing is no abandon': {
    records: numbered([queue(0, 30, { mediaType: 4, leaveReason: 2 })]),
    expect: { verdict: 'CALLBACK_REQUESTED' },
  },
  'a message is left where nobody answers': {
    records: numbered([queue(0, 30, { mediaType: 17, leaveReason: 2 })]),
    expect: { verdict: 'MESSAGE_LEFT' },
  },
  'a message is left on the web, too': {
    records: numbered([queue(0, 30, { mediaType: 20, leaveReason: 2 })]),
    expect: { verdict: 'MESSAGE_LEFT' },
  },
  'an internal call has no customer who could end it': {
    records: numbered([agent([0, 0, 5, 60], { callType: 6, leaveReason: 15 })]),
    expect: { ending: { party: 'UNKNOWN' }, customerReached: null, direction: 'OUTBOUND' },
  },
  'in an internal call the agent who was called rejects': {
    records: numbered([agent([0, 0, 5, 5], { callType: 6, leaveReason: 27, releaseCause: 9 })]),
    expect: {
      ending: { party: 'AGENT', agentId: '2001', how: 'REJECTED' },
      verdict: 'NOT_SERVED',
      verdictReason: 'REJECTED',
    },
  },
  'in an outbound call the customer rejects': {
    records: numbered([agent([0, 0, 5, 5], { callType: 7, leaveReason: 27, releaseCause: 604 })]),
    expect: { ending: { party: 'CUSTOMER' }, verdict: 'NOT_REACHED', abandoned: null, customerReached: false },
  },
  'an outbound call that rings in vain has not reached its customer': {
    records: numbered([agent([0, 0, 9, 9], { callType: 7, leaveReason: 16 })]),
    expect: { verdict: 'NOT_REACHED', verdictReason: null, confidence: 'MEDIUM', customerReached: false },
  },
  'a predictive call is abandoned while it rings': {
    records: numbered([agent([0, 0, 9, 9], { callType: 43, leaveReason: 89 })]),
    expect: { verdict: 'ABANDONED_WHILE_RINGING', customerReached: true },
  },
  'a consultation that ends the call names no agent': {
    records: numbered([agent([0, 0, 5, 60], held), agent([60, 60, 66, 96], { ...consultation, leaveReason: 16 })]),
    expect: {
      ending: { party: 'AGENT', agentId: null, phase: 'ON_HOLD' },
      holds: [{ end: 'CALL_ENDED', endedAt: after(96) }],
      abandoned: null,
    },
  },
  'a hold of a call in progress is open': {
    records: numbered([agent([0, 0, 5, 60], held)], OPEN),
    trace: { askedAt: after(90) },
    expect: {
      holds: [{ end: 'OPEN', endedAt: null }],
      phaseNow: 'ON_HOLD',
      totals: { holdMs: 30_000 },
      participants: [{}, { times: { holdMs: 30_000 } }],
    },
  },
  'where both codes name a party, the leave reason is believed': {
    records: numbered([agent([0, 0, 5, 60], { leaveReason: 16, releaseCause: 531 })]),
    expect: { ending: { party: 'AGENT', confidence: 'LOW' }, findings: [{ code: 'CODES_DISAGREE', legs: [1] }] },
  },
  'where they agree, nothing is wrong': {
    records: numbered([agent([0, 0, 5, 60], { leaveReason: 16, releaseCause: 1281 })]),
    expect: { ending: { party: 'AGENT', confidence: 'HIGH' }, findings: [] },
  },
  'a release cause alone is trusted as far as its source': {
    records: numbered([agent([0, 0, 5, 60], { leaveReason: null, releaseCause: 531 })]),
    expect: { ending: { party: 'CUSTOMER', confidence: 'MEDIUM' } },
  },
  'a release cause beside a leave reason that tells of something else is trusted little': {
    records: numbered([agent([0, 0, 5, 60], { leaveReason: 12, releaseCause: 359 })]),
    expect: {
      ending: { party: 'SYSTEM', confidence: 'LOW', how: 'TALK_LIMIT' },
      verdict: 'ANSWERED',
      confidence: 'HIGH',
    },
  },
  'who ended what was handed over out of the trace is not told': {
    records: numbered([agent([0, 0, 5, 60], { leaveReason: 17, releaseCause: 531 })]),
    expect: { ending: { party: 'UNKNOWN', how: 'TRANSFERRED_OUT', confidence: 'LOW' } },
  },
  'codes with two meanings are told': {
    records: numbered([queue(0, 30, { releaseCause: 701 })]),
    expect: {
      ending: { party: 'UNKNOWN' },
      findings: [{ code: 'AMBIGUOUS_CODE', field: 'releaseCause', value: 701, severity: 'INFO' }],
    },
  },
  'one of them is, even where the customer hung up': {
    records: numbered([queue(0, 30, { leaveReason: 15, releaseCause: 551 })]),
    expect: { ending: { party: 'CUSTOMER', confidence: 'HIGH' }, findings: [{ code: 'AMBIGUOUS_CODE' }] },
  },
  'evidence names the field, the code, and what it was taken to mean': {
    records: numbered([agent([0, 0, 5, 60], { leaveReason: 16 })]),
    expect: {
      ending: {
        evidence: [
          {
            ...{ leg: 1, field: 'leaveReason', code: 16, name: 'AGENT_RELEASED', value: null },
            ...{ says: 'ENDED_BY_AGENT', confidence: 'HIGH' },
          },
          { leg: null, field: 'timeline', code: null, name: null, confidence: 'HIGH' },
        ],
      },
    },
  },
  'a code that is not there, and one in no table, are evidence of nobody': {
    records: numbered([agent([0, 0, 5, 60], { leaveReason: null, releaseCause: 9001 })]),
    expect: {
      ending: {
        evidence: [
          { code: null, name: null, says: 'NAMES_NOBODY', confidence: 'HIGH' },
          { code: 9001, name: 'UNKNOWN', says: 'NAMES_NOBODY', confidence: 'LOW' },
          {},
        ],
      },
    },
  },
  'an answer in a conference is told as one': {
    records: numbered([leg(15, [0, null, 10, 30])]),
    expect: { evidence: [{ says: 'CONFERENCE_BEGAN' }] },
  },
  'an answer of an agent is told as talk': {
    records: numbered([agent([0, 0, 10, 30])]),
    expect: { evidence: [{ says: 'ANSWERED' }, {}, {}] },
  },
  'a call of no known type has a customer who can end it': {
    records: numbered([agent([0, 0, 5, 60], { callType: null, leaveReason: 15 })]),
    expect: { ending: { party: 'CUSTOMER' }, direction: null },
  },
  'a release cause beside a normal leave reason is trusted as far as its source': {
    records: numbered([agent([0, 0, 5, 60], { leaveReason: 0, releaseCause: 531 })]),
    expect: { ending: { party: 'CUSTOMER', confidence: 'MEDIUM' } },
  },
  'a released conference leaves the release cause its say': {
    records: numbered([leg(15, [0, null, 10, 30], { leaveReason: 52, releaseCause: 531 })]),
    expect: { ending: { party: 'CUSTOMER', how: 'CONFERENCE_RELEASED', phase: 'CONFERENCE', confidence: 'MEDIUM' } },
  },
  'a call may end outside of the devices': {
    records: numbered([leg(5, [0, 2, 5, 60], { leaveReason: 15 })]),
    expect: { ending: { party: 'CUSTOMER', phase: 'OUTSIDE' } },
  },
  'an outbound call that rings in vain, and that nobody is known to have ended, is trusted little': {
    records: numbered([agent([0, 0, 9, 9], { callType: 7 })]),
    expect: { verdict: 'NOT_REACHED', confidence: 'LOW', ending: { party: 'UNKNOWN', confidence: 'LOW' } },
  },
  'one leg tells of a callback, of a predictive call, and the first medium of a request': {
    records: numbered([
      queue(0, 5, { callType: 45, mediaType: 4 }),
      queue(5, 9, { callType: 43, mediaType: 5, leaveReason: 2 }),
    ]),
    expect: {
      ...{ callback: true, conference: false, customerReached: true },
      ...{ verdict: 'CALLBACK_REQUESTED', evidence: [{ leg: 1, field: 'mediaType', code: 4 }] },
    },
  },
  'a release cause that a normal leave reason leaves alone tells why nobody answered': {
    records: numbered([queue(0, 9, { releaseCause: 1 })]),
    expect: { verdict: 'NOT_SERVED', verdictReason: 'NO_CAPACITY', confidence: 'HIGH' },
  },
};
