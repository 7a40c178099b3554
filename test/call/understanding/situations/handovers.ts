import { after, agent, ivr, leg, numbered, queue } from '../legs.js';
import { B, OPEN, consultation, held, type Situation } from './situation.js';

/** Holds, consultations, help and transfers. By the sentence that each shows. */
export const HANDOVERS: Readonly<Record<string, Situation>> = {
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
      transfers: [{ kind: 'ATTENDED', to: null, completed: null, answeredBy: null, confidence: 'MEDIUM' }],
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
  'who helps after a hold has the customer on the line': {
    records: numbered([
      agent([0, 0, 5, 60], held),
      agent([null, null, 70, 95], { enterReason: 9 }),
      agent([80, 80, 82, 95], { ...B, enterReason: 8 }),
      ivr(95, 99),
    ]),
    expect: {
      holds: [{ end: 'RETRIEVED', consultations: [] }],
      participants: [{}, { role: 'AGENT' }, { role: 'CONSULTANT', times: { talkMs: 13_000, consultMs: 0 } }, {}],
    },
  },
  'a consultation is the holder’s from a second before the hold': {
    records: numbered([
      agent([0, 0, 5, 60], held),
      agent([59, 59, 62, 70], { ...B, enterReason: 8 }),
      agent([58.999, 59, 62, 70], { ...B, enterReason: 8 }),
      agent([65, 65, 66, 70], { ...B, enterReason: 8 }),
    ]),
    expect: { links: [{ confidence: 'HIGH' }, { confidence: 'MEDIUM' }, { confidence: 'HIGH' }, { kind: 'HOLD' }] },
  },
  'a consultation by three is one, too': {
    records: numbered([agent([0, 0, 5, 60], held), agent([60, 60, 65, 90], { callType: 52, ...B })]),
    expect: { links: [{ kind: 'CONSULT', evidence: [{ field: 'callType', code: 52 }] }, { kind: 'HOLD' }] },
  },
  'a reason that tells of a consultation is its evidence': {
    records: numbered([agent([0, 0, 5, 60], held), agent([60, 60, 65, 90], { ...consultation, enterReason: 41 })]),
    expect: { links: [{ kind: 'CONSULT', evidence: [{ field: 'enterReason', code: 41 }] }, { kind: 'HOLD' }] },
  },
  'a held call that waits in a queue meanwhile overlaps with nothing': {
    records: numbered([agent([0, 0, 5, 60], held), queue(62, 75), agent([75, 75, 76, 90], { ...B, enterReason: 7 })]),
    expect: { findings: [{ code: 'HOLD_WITHOUT_CONSULTATION' }] },
  },
  'who did not answer hands nobody over, nor does a party outside': {
    records: numbered([
      agent([0, 0, 5, 5], { leaveReason: 17 }),
      leg(8, [5, 5, 9, 20], { leaveReason: 17 }),
      ivr(20, 30),
    ]),
    expect: { transfers: [], links: [{ kind: 'NEXT', confidence: 'HIGH' }, { kind: 'NEXT' }] },
  },
  'a three-party transfer that times out has failed': {
    records: numbered([
      agent([0, 0, 5, 60], { leaveReason: 17 }),
      queue(60, 70),
      agent([null, null, 70, 99], { enterReason: 31 }),
    ]),
    expect: { transfers: [{ kind: 'THREE_PARTY', completed: false }] },
  },
  'all who left for a conference go into it': {
    records: numbered([
      agent([0, 0, 5, 60], { leaveReason: 51 }),
      agent([20, 20, 25, 60], { ...B, enterReason: 8, leaveReason: 10 }),
      leg(15, [60, null, null, 90]),
      agent([90, 90, 92, 99], { enterReason: 51 }),
    ]),
    expect: {
      links: [
        { kind: 'HELP', from: 1, to: 2 },
        { kind: 'CONFERENCE', from: 1, to: 3, evidence: [{ field: 'deviceType', code: 15 }] },
        { kind: 'CONFERENCE', from: 2, to: 3 },
        { kind: 'CONFERENCE', from: 3, to: 4, evidence: [{ field: 'enterReason', code: 51 }] },
      ],
    },
  },
  'a transfer out takes its way past who was asked in to help': {
    records: numbered([
      agent([0, 0, 5, 60], { leaveReason: 17 }),
      agent([20, 20, 25, 40], { ...B, enterReason: 8 }),
      queue(60, 70),
    ]),
    expect: { transfers: [{ by: '2001', from: 1, to: 3 }] },
  },
  'what fails after the next transfer began is that one': {
    records: numbered([
      agent([0, 0, 5, 60], { leaveReason: 17 }),
      queue(60, 70),
      agent([70, 70, 75, 90], { ...B, leaveReason: 17 }),
      queue(90, 95),
      agent([null, null, 95, 99], { ...B, enterReason: 30 }),
    ]),
    expect: {
      transfers: [
        { kind: 'BLIND', completed: true, answeredBy: '2002' },
        { kind: 'SUPERVISED', completed: false, answeredBy: null },
      ],
    },
  },
  'an agent who hands over anew has given up the first way': {
    records: numbered([
      agent([0, 0, 5, 60], { leaveReason: 17 }),
      queue(60, 70),
      queue(70, 80, { enterReason: 29 }),
      agent([null, null, 80, 99], { enterReason: 30 }),
    ]),
    expect: {
      transfers: [
        { kind: 'BLIND', completed: false },
        { kind: 'THREE_PARTY', completed: false },
      ],
    },
  },
  'a transfer to who does not answer is not completed': {
    records: numbered([
      agent([0, 0, 5, 60], { leaveReason: 17 }),
      agent([60, 60, 70, 70], { ...B, leaveReason: 5 }),
      queue(70, 80),
    ]),
    expect: { transfers: [{ completed: false, answeredBy: null }] },
  },
};
