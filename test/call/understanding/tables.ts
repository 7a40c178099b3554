import assert from 'node:assert/strict';
import { REASONS } from '../../../src/call/codes/reason.js';
import { RELEASE_CAUSES } from '../../../src/call/codes/release-cause.js';
import { REASON_RULES } from '../../../src/call/understanding/reasons.js';
import { CAUSE_RULES } from '../../../src/call/understanding/release-causes.js';
import type { CallUnderstanding } from '../../../src/call/understanding/understanding.js';
import { agent, call, ivr, numbered, queue } from './legs.js';
import { assertLike } from './like.js';

/*
 * The tables of what the codes mean, written down a second time and in another form, so that a slip in one of them shows.
 * A dash: says nothing.
 */

/** Code · link to a leg so entered · link from a leg so left · answered (y, n) · party · how · verdict of an unanswered inbound call · and of an outbound one. */
const REASONS_TOLD = `
0 NEXT NEXT - - NORMAL UNKNOWN NOT_REACHED
1 OVERFLOW OVERFLOW - - NORMAL NOT_SERVED.OVERFLOW NOT_SERVED.OVERFLOW
2 TIMEOUT TIMEOUT - SYSTEM TIMEOUT NOT_SERVED.QUEUE_TIMEOUT NOT_SERVED.QUEUE_TIMEOUT
3 NO_AGENT NO_AGENT - SYSTEM NORMAL NOT_SERVED.NO_AGENT NOT_SERVED.NO_AGENT
4 QUEUE_CANCELLED QUEUE_CANCELLED - - NORMAL NOT_SERVED.CANCELLED NOT_SERVED.CANCELLED
5 NO_ANSWER NO_ANSWER n SYSTEM TIMEOUT NOT_SERVED.NO_ANSWER NOT_SERVED.NO_ANSWER
6 RESUME NEXT - - NORMAL UNKNOWN NOT_REACHED
7 NEXT NEXT - - NORMAL UNKNOWN NOT_REACHED
8 HELP NEXT - - NORMAL UNKNOWN NOT_REACHED
9 NEXT NEXT - - NORMAL UNKNOWN NOT_REACHED
10 CONFERENCE NEXT - - NORMAL UNKNOWN NOT_REACHED
11 TRANSFER TRANSFER - - NORMAL UNKNOWN NOT_REACHED
12 INTERCEPT NEXT - - NORMAL UNKNOWN NOT_REACHED
13 PICKUP PICKUP n - NORMAL UNKNOWN NOT_REACHED
14 NEXT NEXT - SYSTEM FAULT FAILED.CONFIGURATION FAILED.CONFIGURATION
15 NEXT NEXT - CUSTOMER NORMAL ABANDONED_WHILE_RINGING NOT_REACHED
16 NEXT NEXT - AGENT NORMAL UNKNOWN NOT_REACHED
17 TRANSFER TRANSFER - - TRANSFERRED_OUT FORWARDED FORWARDED
18 NEXT NEXT - - NORMAL UNKNOWN NOT_REACHED
19 NEXT NEXT - SYSTEM FAULT FAILED.FAULT FAILED.FAULT
20 NEXT NEXT n - NORMAL UNKNOWN NOT_REACHED.BUSY
22 NEXT NEXT n - NORMAL UNKNOWN NOT_REACHED.POWERED_OFF
23 NEXT NEXT n - NORMAL UNKNOWN NOT_REACHED.OUT_OF_COVERAGE
24 NEXT NEXT n - NORMAL UNKNOWN NOT_REACHED.UNALLOCATED
25 NEXT NEXT - SYSTEM NORMAL NOT_SERVED.NO_CAPACITY NOT_SERVED.NO_CAPACITY
26 NEXT NEXT n - NORMAL UNKNOWN NOT_REACHED.NO_ANSWER
27 NEXT NEXT n - REJECTED UNKNOWN NOT_REACHED.REJECTED
28 TRANSFER NEXT - - NORMAL UNKNOWN NOT_REACHED
29 TRANSFER NEXT - - NORMAL UNKNOWN NOT_REACHED
30 TRANSFER_FAILED TRANSFER_FAILED - SYSTEM TIMEOUT UNKNOWN NOT_REACHED
31 TRANSFER_FAILED TRANSFER_FAILED - SYSTEM TIMEOUT UNKNOWN NOT_REACHED
34 NETWORK_RETURN NETWORK_RETURN - SYSTEM FAULT UNKNOWN NOT_REACHED
35 NETWORK_RETURN NETWORK_RETURN - - NORMAL UNKNOWN NOT_REACHED
36 REROUTE REROUTE - - NORMAL UNKNOWN NOT_REACHED
37 NEXT NEXT - - NORMAL UNKNOWN NOT_REACHED
38 CONSULT NEXT - - NORMAL UNKNOWN NOT_REACHED
39 NEXT NEXT - - NORMAL UNKNOWN NOT_REACHED
40 NEXT NEXT - SYSTEM TIMEOUT FAILED.TIMEOUT FAILED.TIMEOUT
41 NEXT NEXT - - NORMAL UNKNOWN NOT_REACHED
42 NEXT NEXT - - NORMAL UNKNOWN NOT_REACHED
43 NEXT NEXT - - NORMAL UNKNOWN NOT_REACHED
44 NEXT NEXT - - NORMAL UNKNOWN NOT_REACHED
45 CONSULT NEXT - - NORMAL UNKNOWN NOT_REACHED
46 REROUTE REROUTE - - NORMAL UNKNOWN NOT_REACHED
47 PARALLEL_QUEUE PARALLEL_QUEUE - - NORMAL UNKNOWN NOT_REACHED
48 NEXT NEXT - - NORMAL UNKNOWN NOT_REACHED
49 REJECTED REJECTED n AGENT REJECTED NOT_SERVED.REJECTED NOT_SERVED.REJECTED
50 REJECTED REJECTED n AGENT REJECTED NOT_SERVED.REJECTED NOT_SERVED.REJECTED
51 CONFERENCE NEXT - - NORMAL UNKNOWN NOT_REACHED
52 NEXT NEXT - - CONFERENCE_RELEASED UNKNOWN NOT_REACHED
53 NEXT NEXT - - NORMAL UNKNOWN NOT_REACHED
54 OVERFLOW OVERFLOW - SYSTEM NORMAL NOT_SERVED.OVERFLOW NOT_SERVED.OVERFLOW
88 NEXT NEXT y CUSTOMER NORMAL ANSWERED ANSWERED
89 NEXT NEXT n CUSTOMER NORMAL ABANDONED_WHILE_RINGING NOT_REACHED
`;

/** Party · how · verdict of an unanswered inbound call · and of an outbound one · codes. Beside leave reason 0, at an agent. */
const CAUSES_TOLD = `
- NORMAL UNKNOWN NOT_REACHED 0 256 501
SYSTEM - NOT_SERVED.NO_CAPACITY NOT_SERVED.NO_CAPACITY 1 257 602 605 1048
SYSTEM FAULT FAILED.FAULT FAILED.FAULT 2 7 12 13 14 61 63 263 348 357 360 1056 20388
- FAULT FAILED.FAULT FAILED.FAULT 3 518 1288
- - UNKNOWN NOT_REACHED.UNALLOCATED 4 538
SYSTEM - UNKNOWN NOT_REACHED.MAILBOX 5 6
- - UNKNOWN NOT_REACHED.NO_ANSWER 8 346 356 502 603 1043 1049
- REJECTED UNKNOWN NOT_REACHED.REJECTED 9 604
- - UNKNOWN NOT_REACHED.OUT_OF_COVERAGE 10 549
- - UNKNOWN NOT_REACHED 11 551 701
SYSTEM TALK_LIMIT UNKNOWN NOT_REACHED 16 359
- - UNKNOWN NOT_REACHED.BUSY 47 537
- - UNKNOWN NOT_REACHED.POWERED_OFF 48 548
CUSTOMER NORMAL ABANDONED_WHILE_RINGING NOT_REACHED 49 601 80 531
SYSTEM - NOT_SERVED.CHARGING NOT_SERVED.CHARGING 50 251 252 253 254
SYSTEM FAULT FAILED.CONFIGURATION FAILED.CONFIGURATION 59 60 62 338 339 340 342 519 520 21053
- REDIRECTED FORWARDED FORWARDED 152 521 522
SYSTEM TIMEOUT FAILED.TIMEOUT FAILED.TIMEOUT 258 343 344 345 347 349 350 351 352 353 354 503 504 505 506 507 508 509 510 511 514 516 606 703 1041 1046
SYSTEM TIMEOUT NOT_SERVED.QUEUE_TIMEOUT NOT_SERVED.QUEUE_TIMEOUT 512 513 702
SYSTEM TIMEOUT UNKNOWN NOT_REACHED 515
SYSTEM TIMEOUT NOT_SERVED.NO_ANSWER NOT_REACHED.NO_ANSWER 517 1040
AGENT NORMAL UNKNOWN NOT_REACHED 1281
SYSTEM - NOT_SERVED.NO_AGENT NOT_SERVED.NO_AGENT 20139 20348
`;

const rowsOf = (table: string): readonly (readonly string[])[] =>
  table
    .trim()
    .split('\n')
    .map((line) => line.split(' '));
const [INBOUND, OUTBOUND] = [0, 7];

/** The call that ends while it rings at an agent. */
function unanswered(leaveReason: number, releaseCause: number, callType: number): CallUnderstanding {
  return call(numbered([agent([0, 0, 10, 10], { leaveReason, releaseCause, callType })]));
}

function hasFinding({ findings }: CallUnderstanding, code: string): boolean {
  return findings.some((finding) => finding.code === code);
}

function verdictName({ verdict, verdictReason }: CallUnderstanding): string {
  return verdictReason === null ? verdict : `${verdict}.${verdictReason}`;
}

/** What the tables say, by a sentence; each throws if the derivation says otherwise. */
export const TABLES: Readonly<Record<string, () => void>> = {
  'knows each reason and each release cause once': () => {
    const sorted = (codes: readonly number[]) => [...codes].sort((a, b) => a - b);
    const reasons = rowsOf(REASONS_TOLD).map(([code]) => Number(code));
    const causes = rowsOf(CAUSES_TOLD).flatMap((row) => row.slice(4).map(Number));
    assert.deepEqual(sorted(reasons), sorted(REASONS.map(({ code }) => code)));
    assert.deepEqual(sorted(causes), sorted(RELEASE_CAUSES.map(({ code }) => code)));
    assert.deepEqual(sorted(REASON_RULES.map(({ code }) => code)), sorted(reasons));
    assert.deepEqual(sorted(CAUSE_RULES.flatMap(({ codes }) => codes)), sorted(causes));
  },

  'tells of each release cause with two meanings, unless the leave reason settles it': () => {
    const ambiguous = (leaveReason: number) =>
      rowsOf(CAUSES_TOLD)
        .flatMap((row) => row.slice(4).map(Number))
        .filter((cause) => hasFinding(unanswered(leaveReason, cause, INBOUND), 'AMBIGUOUS_CODE'));
    assert.deepEqual(ambiguous(0), [4, 11, 551, 701]);
    assert.deepEqual(ambiguous(15), [4, 11, 551]);
  },

  'lets no customer end a call of agents among themselves': () => {
    for (const callType of [6, 51, 52, 53]) assert.equal(unanswered(15, 0, callType).ending?.party, 'UNKNOWN');
    for (const callType of [0, 7, 43, 45]) assert.equal(unanswered(15, 0, callType).ending?.party, 'CUSTOMER');
  },

  'reads each enter and leave reason as a link': () => {
    for (const [code = '', entered = '', left = ''] of rowsOf(REASONS_TOLD)) {
      const first = agent([0, 0, 5, 20]);
      const into = call(numbered([first, queue(20, 30, { enterReason: Number(code) }), agent([30, 30, 30, 30])]))
        .links[0];
      assertLike(into, { kind: entered, from: 1, to: 2 }, `entered with ${code}`);
      const from = { ...first, leaveReason: Number(code), callEnd: first.callEnd };
      const outOf = call(numbered([from, queue(20, 30), agent([30, 30, 30, 30])])).links[0];
      assertLike(outOf, { kind: left, from: 1, to: 2 }, `left with ${code}`);
    }
  },

  'reads each leave reason as an answer or none, whatever the times say': () => {
    for (const [code = '', , , answered] of rowsOf(REASONS_TOLD)) {
      const leaveReason = Number(code);
      const talked = call(numbered([agent([0, 2, 5, 20], { leaveReason })]));
      const silent = call(numbered([agent([0, 2, 20, 20], { leaveReason })]));
      assert.equal(talked.answered, answered !== 'n', code);
      assert.equal(silent.answered, answered === 'y', code);
      assertLike(talked.totals, { queueMs: 2_000, talkingMs: answered === 'n' ? 0 : 15_000 }, code);
      const contradictions = [talked, silent].map((one) => hasFinding(one, 'CODES_AND_TIMES_DISAGREE'));
      assert.deepEqual(contradictions, [answered === 'n', answered === 'y'], code);
    }
  },

  'reads each leave reason as an ending': () => {
    for (const [code = '', , , , party = '', how = '', inbound = '', outbound = ''] of rowsOf(REASONS_TOLD)) {
      const told = unanswered(Number(code), 0, INBOUND);
      assertLike(told.ending, { party: party === '-' ? 'UNKNOWN' : party, how, phase: 'RINGING' }, `left with ${code}`);
      assert.equal(verdictName(told), inbound, code);
      assert.equal(verdictName(unanswered(Number(code), 0, OUTBOUND)), outbound, code);
    }
  },

  'reads each release cause as an ending': () => {
    for (const [party = '', how = '', inbound = '', outbound = '', ...codes] of rowsOf(CAUSES_TOLD))
      for (const code of codes) {
        const told = unanswered(0, Number(code), INBOUND);
        const ending = { party: party === '-' ? 'UNKNOWN' : party, how: how === '-' ? 'UNKNOWN' : how };
        assertLike(told.ending, ending, `release cause ${code}`);
        assert.equal(verdictName(told), inbound, code);
        assert.equal(verdictName(unanswered(0, Number(code), OUTBOUND)), outbound, code);
      }
  },

  'takes a normal clearing for the flow’s at an IVR or a router, and for nobody’s elsewhere': () => {
    for (const releaseCause of [0, 256, 501])
      for (const deviceType of [3, 7, 10, 14, 1, 2, 5, 8, 15]) {
        const told = call(numbered([ivr(0, 5), ivr(5, 20, { deviceType, releaseCause })]));
        const isFlow = [3, 7, 10, 14].includes(deviceType);
        assert.equal(told.ending?.party, isFlow ? 'SYSTEM' : 'UNKNOWN');
        assert.equal(told.verdict === 'SELF_SERVED', isFlow);
      }
  },
};
