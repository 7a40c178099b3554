import { after, agent, ivr, leg, numbered, queue } from '../legs.js';
import { B, OPEN, piece, type Situation } from './situation.js';

/** What the customer met, by the times of the legs. By the sentence that each shows. */
export const TIMES: Readonly<Record<string, Situation>> = {
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
      ...{ verdict: 'UNKNOWN', confidence: 'LOW', answered: false },
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
  'an agent’s only time may be the begin of the whole call, which tells nothing; a machine’s is its begin': {
    records: numbered([ivr(0, 20), agent([null, null, 20, 90])]),
    readings: { ackBegin: 'ring', callBegin: 'call' },
    expect: { timeline: [piece('IVR', 0, 20), piece('UNACCOUNTED', 20, 90)], answered: false },
  },
  'the readings are told with what they rest on': {
    records: numbered([agent([0, 5, 10, 90])]),
    expect: {
      evidence: [
        { leg: 1, field: 'answeredAt', code: null, name: null, confidence: 'HIGH' },
        { leg: null, field: 'CMS_ACK_BEGIN', value: 'ring', confidence: 'HIGH' },
        { leg: null, field: 'CMS_CALL_BEGIN', value: 'talk', confidence: 'HIGH' },
      ],
    },
  },
  'a callBegin before one of the other begins is enough for doubt, one at the same time is not': {
    records: numbered([agent([20, null, 0, 90]), agent([90, 90, 90, 95]), agent([null, 96, 95, 99])]),
    expect: {
      findings: [
        { code: 'TIME_REVERSED', legs: [1, 3] },
        { code: 'READING_DOUBTFUL', legs: [1, 3] },
      ],
    },
  },
  'a conference of no length has nobody talk': {
    records: numbered([leg(15, [0, null, 10, 10])]),
    expect: { answered: false, timeline: [piece('UNACCOUNTED', 0, 10)] },
  },
  'a queue that begins with the answer was no wait for it': {
    records: numbered([agent([null, null, 5, 5], { leaveReason: 88 }), queue(5, 9)]),
    expect: { answeredAt: after(5), timeToAnswerMs: null },
  },
  'a short conference within a long talk ends with its own leg': {
    records: numbered([agent([null, null, 0, 60]), leg(15, [10, null, null, 20]), ivr(60, 61)]),
    expect: {
      timeline: [piece('TALKING', 0, 10, [1]), piece('CONFERENCE', 10, 20, [2]), piece('TALKING', 20, 60, [1]), {}],
    },
  },
  'a piece names the legs that were there, and no later ones': {
    records: numbered([queue(0, 10), queue(20, 30)]),
    expect: { timeline: [piece('QUEUE', 0, 10, [1]), piece('UNACCOUNTED', 10, 20, []), piece('QUEUE', 20, 30, [2])] },
  },
  'a piece names sixteen of the legs that lasted when it began, and all that began in it': {
    records: numbered([
      ...Array.from({ length: 18 }, () => agent([null, null, 0, 60])),
      leg(15, [10, null, null, 20]),
      agent([null, null, 20, 30]),
      agent([null, null, 25, 30]),
      ivr(60, 61),
    ]),
    expect: {
      timeline: [
        piece(
          'TALKING',
          0,
          10,
          Array.from({ length: 18 }, (_, index) => index + 1),
        ),
        piece('CONFERENCE', 10, 20, [19]),
        piece('TALKING', 20, 60, [...Array.from({ length: 16 }, (_, index) => index + 1), 20, 21]),
        {},
      ],
    },
  },
  'a call ends with its final record, be it when it began': {
    records: numbered([agent([0, 0, 5, 60]), ivr(0, 0)]),
    expect: { until: after(0), totals: { durationMs: 0 }, timeline: [piece('RINGING', 0, 0, [1])] },
  },
  'a piece names its legs in order, whichever began first': {
    records: numbered([queue(5, 20), queue(0, 15), ivr(20, 21)]),
    expect: { timeline: [piece('QUEUE', 0, 20, [1, 2]), {}] },
  },
};
