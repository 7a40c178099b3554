import { after, agent, ivr, leg, numbered, queue } from '../legs.js';
import { B, consultation, held, type Situation } from './situation.js';

/** Who had a part in a call. By the sentence that each shows. */
export const PARTICIPANTS: Readonly<Record<string, Situation>> = {
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
  'who was asked and then had the customer is an agent, who answered once though they rejected before': {
    records: numbered([
      agent([0, 0, 5, 60], held),
      agent([60, 60, 62, 80], consultation),
      agent([null, null, 90, 120], { deviceNo: '2003', enterReason: 7 }),
      agent([120, 120, 125, 125], { leaveReason: 50 }),
    ]),
    expect: {
      participants: [
        {},
        { role: 'AGENT', id: '2001', result: 'ANSWERED' },
        { role: 'AGENT', id: '2003', result: 'ANSWERED', times: { consultMs: 18_000, talkMs: 30_000 } },
      ],
    },
  },
  'who rejected once, and once let it ring, has rejected': {
    records: numbered([agent([0, 0, 5, 5], { leaveReason: 50 }), agent([5, 5, 9, 9], { leaveReason: 5 })]),
    expect: { participants: [{}, { result: 'REJECTED' }] },
  },
  'what came of a ringing without an end is not known, though another one had an end': {
    records: numbered([agent([0, 0, 5, 5], { leaveReason: 5 }), agent([5, 5, null, null]), ivr(60, 70)]),
    expect: { participants: [{}, { result: 'UNKNOWN' }, {}] },
  },
  'what came of a ringing in vain is known': {
    records: numbered([agent([0, 0, 5, 5], { leaveReason: 5 }), ivr(60, 70)]),
    expect: { participants: [{}, { result: 'NOT_ANSWERED' }, {}] },
  },
  'quality inspection of another kind takes no part either': {
    records: numbered([agent([0, 0, 5, 60]), agent([2, 2, 8, 60], { callType: 15, ...B })]),
    expect: { links: [], participants: [{}, { role: 'AGENT' }, { role: 'MONITOR' }] },
  },
  'an ID that could be a phone number is not told, and its agents stay two': {
    records: numbered([
      agent([0, 0, 5, 60], { deviceNo: '13800000123', leaveReason: 17 }),
      agent([60, 60, 65, 90], { deviceNo: '13800000456', leaveReason: 18 }),
      agent([null, null, 95, 99], { deviceNo: '13800000456', enterReason: 9, leaveReason: 16 }),
    ]),
    expect: {
      answeredBy: null,
      ending: { party: 'AGENT', agentId: null },
      transfers: [{ by: null, answeredBy: null, completed: true }],
      holds: [{ by: null, from: 2 }],
      participants: [
        {},
        { role: 'AGENT', id: null, legs: [1], times: { holdMs: 0 } },
        { role: 'AGENT', id: null, legs: [2, 3], times: { holdMs: 5_000 } },
      ],
    },
  },
  'devices that are not known are one participant': {
    records: numbered([
      leg(11, [0, null, null, 5], { deviceNo: '1' }),
      leg(99, [5, null, null, 9], { deviceNo: null }),
    ]),
    expect: { participants: [{}, { role: 'UNKNOWN', id: null, legs: [1, 2], result: 'NOT_ANSWERED', times: null }] },
  },
  'agents without an ID are one participant, apart from one whose ID is a word': {
    records: numbered([agent([0, 0, 5, 9], { deviceNo: null }), agent([9, 9, 12, 15], { deviceNo: 'null' })]),
    expect: { participants: [{}, { id: null, legs: [1] }, { id: 'null', legs: [2] }] },
  },
};
