import type { Outcome, PartyRule } from './reasons.js';
import type { EndingWay, VerdictReason } from './vocabulary.js';

/** What a release cause of the final CDR means. */
export interface CauseRule {
  readonly codes: readonly number[];
  /** Who ended the call; absent: it names nobody. */
  readonly party?: PartyRule;
  readonly how?: EndingWay;
  /** What it says of a call that nobody answered. */
  readonly outcome?: Outcome;
  /** The same of an outbound call, where that differs. */
  readonly outbound?: Outcome;
  /** Normal clearing: the flow's, if the call ends at an IVR or a router; elsewhere it names nobody, and contradicts nobody. */
  readonly isNeutral?: true;
  /** Two documented meanings. `UNLESS_CUSTOMER`: settled by a leave reason that names the customer. */
  readonly ambiguous?: 'ALWAYS' | 'UNLESS_CUSTOMER';
}

const notServed = (reason: VerdictReason): Outcome => ({ verdict: 'NOT_SERVED', reason });
const notReached = (reason: VerdictReason): Outcome => ({ verdict: 'NOT_REACHED', reason });
const failed = (reason: VerdictReason): Outcome => ({ verdict: 'FAILED', reason });

/** Every release cause that is known. Source of each: codes/release-cause.ts, which tells how far it can be trusted, too. */
export const CAUSE_RULES: readonly CauseRule[] = [
  { codes: [0, 256, 501], how: 'NORMAL', isNeutral: true },
  { codes: [1, 257, 602, 605, 1048], party: 'SYSTEM', outcome: notServed('NO_CAPACITY') },
  {
    codes: [2, 7, 12, 13, 14, 61, 63, 263, 348, 357, 360, 1056, 20388],
    party: 'SYSTEM',
    how: 'FAULT',
    outcome: failed('FAULT'),
  },
  // They tell of a fault, not whose.
  { codes: [3, 518, 1288], how: 'FAULT', outcome: failed('FAULT') },
  // At an agent a community list knows it as a forced sign-out.
  { codes: [4], outcome: notReached('UNALLOCATED'), ambiguous: 'ALWAYS' },
  { codes: [5, 6], party: 'SYSTEM', outcome: notReached('MAILBOX') },
  { codes: [8, 346, 356, 502, 603, 1043, 1049], outcome: notReached('NO_ANSWER') },
  { codes: [9, 604], party: 'CALLED_PARTY', how: 'REJECTED', outcome: notReached('REJECTED') },
  { codes: [10, 549], outcome: notReached('OUT_OF_COVERAGE') },
  // Line busy, or the links of the IVR are down.
  { codes: [11], ambiguous: 'ALWAYS' },
  { codes: [16, 359], party: 'SYSTEM', how: 'TALK_LIMIT' },
  { codes: [47, 537], outcome: notReached('BUSY') },
  { codes: [48, 548], outcome: notReached('POWERED_OFF') },
  { codes: [49, 601], party: 'CUSTOMER', how: 'NORMAL' },
  { codes: [50, 251, 252, 253, 254], party: 'SYSTEM', outcome: notServed('CHARGING') },
  {
    codes: [59, 60, 62, 338, 339, 340, 342, 519, 520, 21053],
    party: 'SYSTEM',
    how: 'FAULT',
    outcome: failed('CONFIGURATION'),
  },
  { codes: [80], party: 'CUSTOMER', how: 'NORMAL' },
  // The record ends, the conversation may not.
  { codes: [152, 521, 522], how: 'REDIRECTED', outcome: { verdict: 'FORWARDED', reason: null } },
  {
    codes: [
      ...[258, 343, 344, 345, 347, 349, 350, 351, 352, 353, 354],
      ...[503, 504, 505, 506, 507, 508, 509, 510, 511, 514, 516, 606, 703, 1041, 1046],
    ],
    party: 'SYSTEM',
    how: 'TIMEOUT',
    outcome: failed('TIMEOUT'),
  },
  { codes: [512, 513, 702], party: 'SYSTEM', how: 'TIMEOUT', outcome: notServed('QUEUE_TIMEOUT') },
  // The target of a transfer did not answer in time.
  { codes: [515], party: 'SYSTEM', how: 'TIMEOUT' },
  // It rang too long: at the customer in an outbound call, at an agent in any other.
  {
    codes: [517, 1040],
    party: 'SYSTEM',
    how: 'TIMEOUT',
    outcome: notServed('NO_ANSWER'),
    outbound: notReached('NO_ANSWER'),
  },
  { codes: [531], party: 'CUSTOMER', how: 'NORMAL' },
  { codes: [538], outcome: notReached('UNALLOCATED') },
  // The customer hung up, or was out of reach.
  { codes: [551], ambiguous: 'ALWAYS' },
  // The customer hung up while waiting, or all agents were busy.
  { codes: [701], ambiguous: 'UNLESS_CUSTOMER' },
  { codes: [1281], party: 'AGENT', how: 'NORMAL' },
  { codes: [20139, 20348], party: 'SYSTEM', outcome: notServed('NO_AGENT') },
];

const BY_CODE: ReadonlyMap<number | null, CauseRule> = new Map(
  CAUSE_RULES.flatMap((rule) => rule.codes.map((code) => [code, rule] as const)),
);

/** What a release cause means. Undefined for one in no table, and where there is none. */
export function causeRule(code: number | null): CauseRule | undefined {
  return BY_CODE.get(code);
}
