import type { EndingWay, KnownParty, LinkKind, Verdict, VerdictReason } from './vocabulary.js';

/** What a code says of a call that nobody answered. */
export interface Outcome {
  readonly verdict: Extract<Verdict, 'NOT_REACHED' | 'NOT_SERVED' | 'FORWARDED' | 'FAILED'>;
  readonly reason: VerdictReason | null;
}

/** A party, or whoever was called: an agent in an internal call, the customer in an outbound one. */
export type PartyRule = KnownParty | 'CALLED_PARTY';

/** What a reason means, in each of the places where it can stand. */
export interface ReasonRule {
  readonly code: number;
  /** As enter reason: how the call came to this leg. */
  readonly entered: LinkKind;
  /** As leave reason: how it went on from this leg, where the next one does not tell. */
  readonly left?: LinkKind;
  /** As leave reason: whether somebody answered here, whatever the times say. */
  readonly answered?: boolean;
  /** As leave reason of the final CDR: who ended the call. */
  readonly party?: PartyRule;
  /** As leave reason of the final CDR: how. */
  readonly how?: EndingWay;
  /** As leave reason of the final CDR of a call that nobody answered. */
  readonly outcome?: Outcome;
}

const notServed = (reason: VerdictReason): Outcome => ({ verdict: 'NOT_SERVED', reason });
const notReached = (reason: VerdictReason): Outcome => ({ verdict: 'NOT_REACHED', reason });
const failed = (reason: VerdictReason): Outcome => ({ verdict: 'FAILED', reason });

/** Every reason of the vendor's table. Source: pages cec_07_0842, cec_07_2638, cec_07_4246; the links are read out of them. */
export const REASON_RULES: readonly ReasonRule[] = [
  { code: 0, entered: 'NEXT' },
  { code: 1, entered: 'OVERFLOW', left: 'OVERFLOW', outcome: notServed('OVERFLOW') },
  {
    code: 2,
    entered: 'TIMEOUT',
    left: 'TIMEOUT',
    party: 'SYSTEM',
    how: 'TIMEOUT',
    outcome: notServed('QUEUE_TIMEOUT'),
  },
  { code: 3, entered: 'NO_AGENT', left: 'NO_AGENT', party: 'SYSTEM', outcome: notServed('NO_AGENT') },
  { code: 4, entered: 'QUEUE_CANCELLED', left: 'QUEUE_CANCELLED', outcome: notServed('CANCELLED') },
  {
    code: 5,
    entered: 'NO_ANSWER',
    left: 'NO_ANSWER',
    answered: false,
    party: 'SYSTEM',
    how: 'TIMEOUT',
    outcome: notServed('NO_ANSWER'),
  },
  { code: 6, entered: 'RESUME' },
  { code: 7, entered: 'TRANSFER' },
  { code: 8, entered: 'HELP' },
  { code: 9, entered: 'NEXT' },
  { code: 10, entered: 'CONFERENCE' },
  { code: 11, entered: 'TRANSFER' },
  { code: 12, entered: 'INTERCEPT' },
  { code: 13, entered: 'PICKUP', left: 'PICKUP', answered: false },
  { code: 14, entered: 'NEXT', party: 'SYSTEM', how: 'FAULT', outcome: failed('CONFIGURATION') },
  { code: 15, entered: 'NEXT', party: 'CUSTOMER', how: 'NORMAL' },
  { code: 16, entered: 'NEXT', party: 'AGENT', how: 'NORMAL' },
  {
    code: 17,
    entered: 'TRANSFER',
    left: 'TRANSFER',
    how: 'TRANSFERRED_OUT',
    outcome: { verdict: 'FORWARDED', reason: null },
  },
  { code: 18, entered: 'NEXT' },
  { code: 19, entered: 'NEXT', party: 'SYSTEM', how: 'FAULT', outcome: failed('FAULT') },
  { code: 20, entered: 'NEXT', answered: false, outcome: notReached('BUSY') },
  { code: 22, entered: 'NEXT', answered: false, outcome: notReached('POWERED_OFF') },
  { code: 23, entered: 'NEXT', answered: false, outcome: notReached('OUT_OF_COVERAGE') },
  { code: 24, entered: 'NEXT', answered: false, outcome: notReached('UNALLOCATED') },
  { code: 25, entered: 'NEXT', party: 'SYSTEM', outcome: notServed('NO_CAPACITY') },
  { code: 26, entered: 'NEXT', answered: false, outcome: notReached('NO_ANSWER') },
  {
    code: 27,
    entered: 'NEXT',
    answered: false,
    party: 'CALLED_PARTY',
    how: 'REJECTED',
    outcome: notReached('REJECTED'),
  },
  { code: 28, entered: 'TRANSFER', left: 'TRANSFER' },
  { code: 29, entered: 'TRANSFER', left: 'TRANSFER' },
  { code: 30, entered: 'TRANSFER_FAILED', left: 'TRANSFER_FAILED', party: 'SYSTEM', how: 'TIMEOUT' },
  { code: 31, entered: 'TRANSFER_FAILED', left: 'TRANSFER_FAILED', party: 'SYSTEM', how: 'TIMEOUT' },
  { code: 34, entered: 'NETWORK_RETURN', left: 'NETWORK_RETURN', party: 'SYSTEM', how: 'FAULT' },
  { code: 35, entered: 'NETWORK_RETURN', left: 'NETWORK_RETURN' },
  { code: 36, entered: 'REROUTE', left: 'REROUTE' },
  { code: 37, entered: 'NEXT' },
  { code: 38, entered: 'CONSULT' },
  { code: 39, entered: 'NEXT' },
  { code: 40, entered: 'NEXT', party: 'SYSTEM', how: 'TIMEOUT', outcome: failed('TIMEOUT') },
  { code: 41, entered: 'CONSULT' },
  { code: 42, entered: 'NEXT' },
  { code: 43, entered: 'NEXT' },
  { code: 44, entered: 'NEXT' },
  { code: 45, entered: 'CONSULT' },
  { code: 46, entered: 'REROUTE', left: 'REROUTE' },
  { code: 47, entered: 'PARALLEL_QUEUE', left: 'PARALLEL_QUEUE' },
  { code: 48, entered: 'NEXT' },
  { code: 49, entered: 'REJECTED', left: 'REJECTED', answered: false, party: 'AGENT', how: 'REJECTED' },
  { code: 50, entered: 'REJECTED', left: 'REJECTED', answered: false, party: 'AGENT', how: 'REJECTED' },
  { code: 51, entered: 'CONFERENCE' },
  { code: 52, entered: 'NEXT', how: 'CONFERENCE_RELEASED' },
  { code: 53, entered: 'NEXT' },
  { code: 54, entered: 'OVERFLOW', left: 'OVERFLOW', party: 'SYSTEM', outcome: notServed('OVERFLOW') },
  { code: 88, entered: 'NEXT', answered: true, party: 'CUSTOMER', how: 'NORMAL' },
  { code: 89, entered: 'NEXT', answered: false, party: 'CUSTOMER', how: 'NORMAL' },
];

const BY_CODE: ReadonlyMap<number | null, ReasonRule> = new Map(REASON_RULES.map((rule) => [rule.code, rule]));

/** What a reason means. Undefined for one in no table, and where there is none. */
export function reasonRule(code: number | null): ReasonRule | undefined {
  return BY_CODE.get(code);
}

/** The reasons that more than one rule asks for by name. */
export const REASON = {
  SUSPEND_RESUMED: 6,
  HELD_CALL_CONNECTED: 7,
  THREE_PARTY_HELP: 8,
  HOLD_RETRIEVED: 9,
  THREE_PARTY_CONVERSATION: 10,
  INTERNAL_HELP_REQUESTER_RELEASED: 11,
  TRANSFERRED_OUT: 17,
  HELD: 18,
  SUCCESS_TRANSFER_TO_QUEUE: 28,
  THREE_PARTY_TRANSFER_TO_QUEUE: 29,
  SUCCESS_TRANSFER_TO_QUEUE_TIMEOUT: 30,
  THREE_PARTY_TRANSFER_TO_QUEUE_TIMEOUT: 31,
  CONFERENCE_ENTERED: 51,
} as const;

/** Leave reasons that say nothing of how a call ended: NORMAL, and HELD, which tells of the hold. */
export const SILENT_REASONS: ReadonlySet<number | null> = new Set([null, 0, REASON.HELD]);

/** The reasons of a leg that goes into a conference, as those of the leg that left for it. */
export const CONFERENCE_REASONS: ReadonlySet<number | null> = new Set([
  REASON.THREE_PARTY_CONVERSATION,
  REASON.CONFERENCE_ENTERED,
]);
