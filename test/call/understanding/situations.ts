import type { CallDetailRecord, CallTrace } from '../../../src/call/trace.js';
import type { Readings } from '../../../src/call/understanding/understanding.js';
import { after, agent, call, ivr, leg, numbered, queue } from './legs.js';
import { assertLike } from './like.js';

/** Some records, and what is to be derived from them. */
interface Situation {
  readonly records: readonly CallDetailRecord[];
  readonly expect: Readonly<Record<string, unknown>>;
  readonly trace?: Partial<CallTrace>;
  readonly readings?: Readings;
}

const piece = (state: string, from: number, to: number, legs?: readonly number[]) => ({
  ...{ state, from: after(from), to: after(to) },
  ...(legs && { legs }),
});
const OPEN = true;
const B = { deviceNo: '2002' };
const held = { leaveReason: 18 };
const consultation = { callType: 51, deviceNo: '2003' };

/** By the sentence that each shows. */
const SITUATIONS: Readonly<Record<string, Situation>> = {
  'a queue lasts from its first time to its end, whatever ackBegin and callBegin say': {
    records: numbered([leg(1, [null, 0, 90, 60])]),
    expect: { timeline: [piece('QUEUE', 0, 60, [1])], findings: [] },
  },
  'routing devices route': {
    records: numbered([leg(7, [0, 1, 2, 5]), leg(10, [5, null, null, 9]), leg(14, [null, null, 9, 12])]),
    expect: { timeline: [piece('ROUTING', 0, 12, [1, 2, 3])], totals: { routingMs: 12_000 } },
  },
  'outside of the devices somebody answers, but nobody knows who': {
    records: numbered([leg(5, [0, 2, 5, 60]), leg(8, [null, null, 60, 70])]),
    expect: {
      timeline: [piece('UNACCOUNTED', 0, 5, []), piece('OUTSIDE', 5, 70, [1, 2])],
      ...{ verdict: 'ANSWERED', confidence: 'LOW', answeredBy: null, answeredLeg: 1, answeredAt: after(5) },
      participants: [{ role: 'CUSTOMER' }, { role: 'OUTSIDE', id: null, legs: [1, 2], result: 'ANSWERED' }],
    },
  },
  'a device that tells nothing leaves its time unaccounted': {
    records: numbered([leg(11, [0, 5, 10, 60]), leg(99, [60, 60, 60, 70])]),
    expect: {
      timeline: [piece('UNACCOUNTED', 0, 70, [])],
      ...{ verdict: 'UNKNOWN', answered: false },
      findings: [{ code: 'UNKNOWN_CODE', legs: [2], field: 'deviceType', value: 99, severity: 'INFO' }],
    },
  },
  'a conference counts from callBegin, or else from its first time': {
    records: numbered([leg(15, [0, null, 10, 30]), leg(15, [30, null, null, 40])]),
    expect: {
      timeline: [piece('UNACCOUNTED', 0, 10), piece('CONFERENCE', 10, 40)],
      ...{ answeredBy: null, answeredAt: after(10), conference: true, timeToAnswerMs: null },
    },
  },
  'waiting in several queues at once is one wait': {
    records: numbered([ivr(0, 10), queue(10, 70), queue(10, 70, { ...B, enterReason: 47 }), agent([70, 70, 75, 90])]),
    expect: {
      timeline: [
        piece('IVR', 0, 10),
        piece('QUEUE', 10, 70, [2, 3]),
        piece('RINGING', 70, 75),
        piece('TALKING', 75, 90),
      ],
      ...{ findings: [], timeToAnswerMs: 65_000 },
    },
  },
  'who listens in takes no part': {
    records: numbered([agent([0, 0, 5, 60]), agent([2, 2, 8, 90], { callType: 16, ...B }), agent([60, 60, 64, 70])]),
    expect: {
      links: [{ kind: 'NEXT', from: 1, to: 3 }],
      participants: [
        { role: 'CUSTOMER', legs: [1, 3] },
        { role: 'AGENT', legs: [1, 3] },
        { role: 'MONITOR', times: null },
      ],
      findings: [],
      answeredBy: '2001',
    },
  },
  'an open leg of a call in progress lasts until it was asked for': {
    records: numbered([queue(0, 10), agent([10, 12, null, null])], OPEN),
    trace: { askedAt: after(30) },
    expect: {
      ...{ verdict: 'IN_PROGRESS', phaseNow: 'RINGING', ending: null, complete: false, answered: false },
      ...{ until: after(30), findings: [], transfers: [] },
      timeline: [piece('QUEUE', 0, 12), piece('RINGING', 12, 30)],
    },
  },
  'a call that was silent for twelve hours is in progress no more': {
    records: numbered([agent([0, 0, 5, null])], OPEN),
    trace: { askedAt: after(5 + 43_200) },
    expect: {
      ...{ verdict: 'UNKNOWN', phaseNow: null, until: after(5), answered: false, answeredAt: null },
      ending: { party: 'UNKNOWN', phase: 'UNKNOWN', at: null, confidence: 'LOW' },
      participants: [
        { role: 'CUSTOMER', result: 'NOT_ANSWERED' },
        { role: 'AGENT', times: { talkMs: null }, result: 'UNKNOWN' },
      ],
    },
  },
  'one that was silent for a second less is': {
    records: numbered([agent([0, 0, 5, null])], OPEN),
    trace: { askedAt: after(5 + 43_199) },
    expect: { verdict: 'IN_PROGRESS', phaseNow: 'TALKING' },
  },
  'a later leg without an end tells when it rang, and no talk': {
    records: numbered([agent([0, 0, 5, null]), queue(60, 70)]),
    expect: {
      timeline: [piece('RINGING', 0, 5), piece('UNACCOUNTED', 5, 60), piece('QUEUE', 60, 70)],
      findings: [{ code: 'NO_END', legs: [1], severity: 'WARNING' }],
    },
  },
  'a final record without an end, and one without any time, are told': {
    records: numbered([leg(3, [null, null, null, null]), queue(0, null)]),
    expect: {
      ending: { at: null, phase: 'UNKNOWN' },
      findings: [
        { code: 'NO_TIMES', legs: [1] },
        { code: 'NO_END', legs: [2] },
      ],
    },
  },
  'nothing is known of a call without records': {
    records: [],
    expect: { verdict: 'UNKNOWN', timeline: [], participants: [], findings: [], startedAt: null, until: null },
  },
  'a clock that was set back tells nothing of its leg': {
    records: numbered([ivr(0, 20), agent([25, 22, 30, 35]), agent([35, 35, 40, 50], B)]),
    expect: {
      timeline: [piece('IVR', 0, 20), piece('UNACCOUNTED', 20, 35), piece('RINGING', 35, 40), piece('TALKING', 40, 50)],
      findings: [{ code: 'TIME_REVERSED', legs: [2] }],
    },
  },
  'a call ends with its final record, though a leg goes on': {
    records: numbered([agent([0, 0, 5, 500]), queue(40, 60)]),
    expect: { until: after(60), totals: { talkingMs: 55_000, durationMs: 60_000 }, ending: { phase: 'TALKING' } },
  },
  'callBegin may be the begin of the whole call, and ackBegin the answer': {
    records: numbered([queue(0, 20), agent([20, 26, 0, 90])]),
    readings: { ackBegin: 'answer', callBegin: 'call' },
    expect: {
      timeline: [piece('QUEUE', 0, 26), piece('TALKING', 26, 90)],
      ...{ answeredAt: after(26), findings: [], confidence: 'HIGH' },
      evidence: [{}, { field: 'CMS_ACK_BEGIN', value: 'answer' }, { field: 'CMS_CALL_BEGIN', value: 'call' }],
    },
  },
  'with callBegin as the begin of the call, and ackBegin of ringing, ringing counts as talk': {
    records: numbered([queue(0, 20), agent([20, 26, 0, 90])]),
    readings: { ackBegin: 'ring', callBegin: 'call' },
    expect: { timeline: [piece('QUEUE', 0, 26), piece('TALKING', 26, 90)], evidence: [{}, { confidence: 'LOW' }, {}] },
  },
  'with ackBegin as the answer no ringing is known': {
    records: numbered([agent([0, 26, 30, 90])]),
    readings: { ackBegin: 'answer', callBegin: 'talk' },
    expect: { timeline: [piece('QUEUE', 0, 30), piece('TALKING', 30, 90)] },
  },
  'with ackBegin as the answer it is when people talk, where callBegin misses': {
    records: numbered([agent([0, 26, null, 90])]),
    readings: { ackBegin: 'answer', callBegin: 'talk' },
    expect: { timeline: [piece('QUEUE', 0, 26), piece('TALKING', 26, 90)] },
  },
  'a callBegin before the other begins makes the reading doubtful': {
    records: numbered([ivr(0, 20), agent([20, 26, 0, 90])]),
    expect: {
      findings: [
        { code: 'TIME_REVERSED', legs: [2] },
        { code: 'READING_DOUBTFUL', legs: [2] },
      ],
    },
  },
  'an operator is not told so for half of the agents': {
    records: numbered([agent([20, 26, 0, 90]), agent([90, 90, 91, 95], B)]),
    expect: { findings: [{ code: 'TIME_REVERSED' }] },
  },
  'a customer who is taken back is not handed over, though the asked agent’s record says released': {
    records: numbered([
      agent([0, 0, 5, 60], held),
      agent([60, 60, 62, 80], { ...consultation, leaveReason: 11 }),
      agent([null, null, 90, 120], { enterReason: 9 }),
    ]),
    expect: {
      transfers: [],
      holds: [
        { by: '2001', from: 1, to: 3, startedAt: after(60), endedAt: after(90), end: 'RETRIEVED', consultations: [2] },
      ],
    },
  },
  'an asked agent who keeps the call has taken it over, as far as can be told': {
    records: numbered([
      agent([0, 0, 5, 60], held),
      agent([60, 60, 62, 80], { ...consultation, leaveReason: 11 }),
      agent([null, null, 90, 120], { deviceNo: '2003' }),
    ]),
    expect: {
      transfers: [
        { kind: 'ATTENDED', by: '2001', from: 1, to: 3, completed: true, answeredBy: '2003', confidence: 'MEDIUM' },
      ],
      ...{ holds: [{ end: 'CONNECTED', to: 3 }], totals: { holdMs: 30_000 } },
    },
  },
  'an asked agent who keeps the call may do so in no record': {
    records: numbered([agent([0, 0, 5, 60], held), agent([60, 60, 62, 80], { ...consultation, leaveReason: 11 })]),
    expect: {
      transfers: [{ kind: 'ATTENDED', to: null, completed: null, answeredBy: null }],
      ending: { phase: 'ON_HOLD' },
    },
  },
  'the helper goes on where the agent who asked for help released': {
    records: numbered([agent([0, 0, 5, 60], { leaveReason: 11 }), agent([50, 50, 55, 120], { ...B, enterReason: 8 })]),
    expect: {
      links: [
        { kind: 'HELP', from: 1, to: 2 },
        { kind: 'TRANSFER', from: 1, to: 2 },
      ],
      ...{ transfers: [{ kind: 'ATTENDED', by: '2001', answeredBy: '2002' }], findings: [] },
    },
  },
  'who is asked in while the customer is held does not talk with them': {
    records: numbered([
      agent([0, 0, 5, 60], held),
      agent([60, 60, 65, 90], { ...B, enterReason: 8 }),
      agent([null, null, 90, 99], { enterReason: 9 }),
    ]),
    expect: {
      links: [
        { kind: 'HELP', from: 1, to: 2 },
        { kind: 'HOLD', from: 1, to: 3 },
      ],
      totals: { holdMs: 30_000, talkingMs: 64_000 },
      participants: [
        { role: 'CUSTOMER' },
        { role: 'AGENT', times: { holdMs: 30_000, conferenceMs: 0 } },
        { role: 'CONSULTANT', times: { talkMs: 0, consultMs: 25_000 } },
      ],
    },
  },
  'a consultation beside a hold is one of the last agent, as far as can be told': {
    records: numbered([
      agent([0, 0, 5, 60]),
      agent([30, 30, 32, 40], { ...consultation, enterReason: null }),
      queue(60, 70),
    ]),
    expect: {
      links: [
        { kind: 'CONSULT', from: 1, to: 2, confidence: 'MEDIUM' },
        { kind: 'NEXT', from: 1, to: 3 },
      ],
    },
  },
  'a consultation may begin a second before the hold': {
    records: numbered([
      agent([0, 0, 5, 60], held),
      agent([59, 59, 62, 80], consultation),
      agent([null, null, 80, 99], { enterReason: 9 }),
    ]),
    expect: { links: [{ kind: 'CONSULT', confidence: 'MEDIUM', from: 1 }, {}], holds: [{ consultations: [2] }] },
  },
  'a hold without a consultation is told, for its reason is in no record': {
    records: numbered([agent([0, 0, 5, 60], held), agent([null, null, 70, 90], { enterReason: 9 })]),
    expect: { findings: [{ code: 'HOLD_WITHOUT_CONSULTATION', severity: 'INFO', legs: [1] }] },
  },
  'a held call that is connected is handed over by the agent who held it': {
    records: numbered([agent([0, 0, 5, 60], held), queue(60, 65), agent([65, 65, 66, 90], { ...B, enterReason: 7 })]),
    expect: {
      transfers: [{ kind: 'ATTENDED', by: '2001', from: 1, to: 3, confidence: 'HIGH' }],
      holds: [{ end: 'CONNECTED' }],
    },
  },
  'a suspended call comes back to its agent': {
    records: numbered([
      agent([0, 0, 5, 60], { leaveReason: 17 }),
      ivr(60, 80),
      agent([80, 80, 82, 99], { enterReason: 6 }),
    ]),
    expect: {
      links: [
        { kind: 'TRANSFER', from: 1, to: 2 },
        { kind: 'RESUME', from: 1, to: 3 },
      ],
      transfers: [{ kind: 'SUSPENDED', by: '2001', to: 2, completed: true, answeredBy: '2001' }],
    },
  },
  'a transfer that times out has failed, though the agent goes on talking': {
    records: numbered([
      agent([0, 0, 5, 60], { leaveReason: 17 }),
      queue(50, 70),
      agent([null, null, 70, 99], { enterReason: 30 }),
    ]),
    expect: {
      transfers: [{ kind: 'SUPERVISED', completed: false, answeredBy: null }],
      links: [{ kind: 'TRANSFER' }, { kind: 'TRANSFER_FAILED', from: 2, to: 3 }],
    },
  },
  'a three-party transfer to a queue is one': {
    records: numbered([agent([0, 0, 5, 60]), queue(50, 70, { enterReason: 29 }), agent([70, 70, 72, 99], B)]),
    expect: {
      transfers: [{ kind: 'THREE_PARTY', by: '2001', from: 1, to: 2, completed: true, answeredBy: '2002' }],
      findings: [],
    },
  },
  'an agent who leaves while it rings at the next one is neither blind nor supervised': {
    records: numbered([agent([0, 0, 5, 60], { leaveReason: 17 }), agent([50, 55, 70, 90], B)]),
    expect: { transfers: [{ kind: 'UNKNOWN', confidence: 'LOW', completed: true, answeredBy: '2002' }] },
  },
  'an agent who leaves when the next one has answered supervises': {
    records: numbered([agent([0, 0, 5, 60], { leaveReason: 17 }), agent([50, 55, 61, 90], B)]),
    expect: { transfers: [{ kind: 'SUPERVISED', confidence: 'MEDIUM' }] },
  },
  'a blind transfer is told by the times, and with less confidence': {
    records: numbered([agent([0, 0, 5, 60], { leaveReason: 17 }), agent([58, 60, 70, 90], B)]),
    expect: { transfers: [{ kind: 'BLIND', confidence: 'MEDIUM' }] },
  },
  'a transfer in progress may still be completed': {
    records: numbered([agent([0, 0, 5, 60], { leaveReason: 17 }), queue(60, null)], OPEN),
    trace: { askedAt: after(70) },
    expect: { transfers: [{ kind: 'BLIND', to: 2, completed: null }], phaseNow: 'QUEUE' },
  },
  'a transfer to another call centre is completed by nobody known': {
    records: numbered([agent([0, 0, 5, 60], { leaveReason: 17 }), leg(8, [60, 60, 65, 90])]),
    expect: { transfers: [{ completed: true, answeredBy: null }] },
  },
  'a queue that overflows within a transfer is both': {
    records: numbered([
      agent([0, 0, 5, 60], { leaveReason: 17 }),
      queue(60, 70, { enterReason: 2 }),
      agent([70, 70, 75, 90], B),
    ]),
    expect: {
      links: [{ kind: 'TRANSFER', from: 1, to: 2 }, { kind: 'TIMEOUT', from: 1, to: 2 }, { kind: 'NEXT' }],
      ...{ overflowed: true, findings: [{ code: 'OVERFLOW_SOURCE_NOT_RECORDED', legs: [2] }] },
    },
  },
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
  'codes that no table knows are told once, with their legs': {
    records: numbered([
      agent([0, 0, 5, 60], { enterReason: 77, releaseCause: 9001 }),
      agent([60, 60, 65, 70], { enterReason: 77, callType: 99, mediaType: 98 }),
    ]),
    expect: {
      findings: [
        { code: 'UNKNOWN_CODE', field: 'enterReason', value: 77, legs: [1, 2] },
        { code: 'UNKNOWN_CODE', field: 'callType', value: 99, legs: [2] },
        { code: 'UNKNOWN_CODE', field: 'mediaType', value: 98, legs: [2] },
        { code: 'MEDIUM_CHANGED', legs: [2] },
      ],
    },
  },
  'numbers that miss are named, and counted where they are many': {
    records: [ivr(0, 5, { callIdNum: 2 }), ivr(5, 9, { callIdNum: 1_000_000_000 }), ivr(9, 12, { callIdNum: -1 })],
    expect: {
      findings: [
        {
          code: 'MISSING_NUMBER',
          count: 999_999_998,
          numbers: [1, ...Array.from({ length: 19 }, (_, index) => index + 3)],
        },
      ],
    },
  },
  'records with one number are told': {
    records: [ivr(0, 5), ivr(5, 9), ivr(9, 12, { callIdNum: -1 }), ivr(12, 15, { callIdNum: -1 })],
    expect: {
      findings: [
        { code: 'SEVERAL_FINAL_RECORDS', legs: [3, 4] },
        { code: 'DUPLICATE_NUMBER', numbers: [1], legs: [1, 2] },
      ],
    },
  },
  'a number that came later than its leg is told': {
    records: numbered([queue(10, 20), ivr(0, 8), agent([20, 20, 25, 60])]),
    expect: {
      findings: [
        { code: 'ORDER_REVERSED', legs: [2] },
        { code: 'GAP', legs: [1, 2], ms: 2_000 },
      ],
    },
  },
  'a second is no gap, no overlap and no wrong order': {
    records: numbered([ivr(0, 10), queue(11, 20), agent([19, 19, 25, 60]), ivr(59, 70), queue(58, 59)]),
    expect: { findings: [] },
  },
  'what differs by more than a second is': {
    records: numbered([ivr(0, 10), queue(12, 20), agent([17, 17, 25, 60])]),
    expect: {
      findings: [
        { code: 'GAP', legs: [1, 2], ms: 2_000 },
        { code: 'OVERLAP', legs: [2, 3], ms: 3_000 },
      ],
    },
  },
  'a short leg within a long one overlaps as long as it lasts': {
    records: numbered([agent([0, 0, 5, 60]), queue(10, 14), ivr(60, 70)]),
    expect: { findings: [{ code: 'OVERLAP', legs: [1, 2], ms: 4_000 }] },
  },
  'a consultation explains a gap': {
    records: numbered([agent([0, 0, 5, 60]), agent([60, 60, 65, 90], consultation), agent([90, 90, 95, 99])]),
    expect: { findings: [] },
  },
  'numbers that change on the way are told, and only that they do': {
    records: numbered([
      ivr(0, 5, { callerNo: '1', calleeNo: '2' }),
      queue(5, 9, { callerNo: '1', calleeNo: '3' }),
      queue(9, 12),
    ]),
    expect: { findings: [{ code: 'NUMBERS_CHANGED', severity: 'INFO', legs: [2], value: null, field: null }] },
  },
  'what was noticed in reading is told by its count': {
    records: numbered([ivr(0, 5)]),
    trace: {
      notes: {
        timesInSeconds: 4,
        oddValues: 1,
        impossibleTimes: 2,
        recordsOfAnotherYear: 3,
        neighbourLegsMissing: 1,
        duplicateRecords: 5,
      },
    },
    expect: {
      findings: [
        { code: 'DUPLICATE_RECORD', count: 5, legs: [], severity: 'WARNING' },
        { code: 'SECONDS_TAKEN_AS_MS', count: 4, severity: 'INFO' },
        { code: 'VALUES_NOT_READ', count: 1 },
        { code: 'TIMES_NOT_BELIEVED', count: 2 },
        { code: 'RECORDS_OF_ANOTHER_YEAR', count: 3 },
        { code: 'MONTH_EDGE_INCOMPLETE', count: 1, severity: 'WARNING' },
      ],
    },
  },
  'when an agent left a conference is in no record': {
    records: numbered([
      agent([0, 0, 5, 20], { leaveReason: 10 }),
      leg(15, [20, null, null, 30]),
      agent([30, 30, 35, 50]),
    ]),
    expect: {
      participants: [{}, { role: 'AGENT', times: { conferenceMs: null, talkMs: 30_000 } }, {}],
      timeToAnswerMs: 5_000,
    },
  },
  'an answer that the times deny is believed with less confidence': {
    records: numbered([agent([0, 0, 9, 9], { leaveReason: 88 })]),
    expect: { ...{ verdict: 'ANSWERED', confidence: 'MEDIUM', answeredAt: after(9) }, totals: { talkingMs: 0 } },
  },
  'of two answers in one instant the first leg counts, and no time counts twice': {
    records: numbered([agent([50, 50, 55, 90]), agent([0, 0, 5, 60]), agent([0, 0, 5, 60], B)]),
    expect: {
      answeredBy: '2001',
      answeredLeg: 2,
      participants: [{}, { times: { talkMs: 85_000 } }, { times: { talkMs: 55_000 } }],
    },
  },
  'a participant stands there once, with all its legs': {
    records: numbered([
      queue(0, 5),
      agent([5, 5, 9, 9], { leaveReason: 50 }),
      queue(9, 12),
      agent([12, 12, 15, 20], B),
      leg(15, [20, null, null, 30]),
    ]),
    expect: {
      participants: [
        { role: 'CUSTOMER', id: null, legs: [1, 2, 3, 4, 5], result: 'ANSWERED', times: null },
        { role: 'QUEUE', id: '101', legs: [1, 3], result: 'PASSED' },
        { role: 'AGENT', id: '2001', legs: [2], result: 'REJECTED', times: { ringMs: 4_000, talkMs: 0 } },
        {
          role: 'AGENT',
          id: '2002',
          legs: [4],
          result: 'ANSWERED',
          times: { ringMs: 3_000, talkMs: 5_000, consultMs: 0 },
        },
        { role: 'CONFERENCE', id: '9', legs: [5], result: 'ANSWERED' },
      ],
    },
  },
};

/** What holds of these situations; each throws if it does not. */
export const SITUATION_CHECKS: Readonly<Record<string, () => void>> = Object.fromEntries(
  Object.entries(SITUATIONS).map(([name, { records, expect, trace, readings }]) => [
    name,
    () => {
      assertLike(call(records, trace, readings), expect, name);
    },
  ]),
);
