import { after, agent, leg, numbered, queue } from '../legs.js';
import { B, type Situation } from './situation.js';

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
};
