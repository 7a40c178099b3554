/*
 * The words for what the legs of a call mean: each closed set once. The schema has an enum for each.
 */

/** What a call came to. The order is that of the rules: the first that applies counts. */
export const VERDICTS = [
  'IN_PROGRESS',
  'ANSWERED',
  'ABANDONED_IN_QUEUE',
  'ABANDONED_WHILE_RINGING',
  'ABANDONED_IN_IVR',
  'CALLBACK_REQUESTED',
  'MESSAGE_LEFT',
  'NOT_REACHED',
  'NOT_SERVED',
  'FORWARDED',
  'SELF_SERVED',
  'FAILED',
  'UNKNOWN',
] as const;
export type Verdict = (typeof VERDICTS)[number];

/** Why: beside NOT_REACHED, NOT_SERVED and FAILED, in this order. */
export const VERDICT_REASONS = [
  'BUSY',
  'NO_ANSWER',
  'REJECTED',
  'POWERED_OFF',
  'OUT_OF_COVERAGE',
  'UNALLOCATED',
  'MAILBOX',
  'QUEUE_TIMEOUT',
  'OVERFLOW',
  'NO_AGENT',
  'NO_CAPACITY',
  'CHARGING',
  'CANCELLED',
  'FAULT',
  'TIMEOUT',
  'CONFIGURATION',
] as const;
export type VerdictReason = (typeof VERDICT_REASONS)[number];

/** Who ended a call. `UNKNOWN` where the codes name nobody. */
export const PARTIES = ['CUSTOMER', 'AGENT', 'SYSTEM', 'UNKNOWN'] as const;
export type CallParty = (typeof PARTIES)[number];
/** Who ended a call, where a code tells. */
export type KnownParty = Exclude<CallParty, 'UNKNOWN'>;

/**
 * What a customer meets, the weightiest first: where several hold at once, the first counts. `OUTSIDE`: connected to a
 * party of which no device is known. `UNACCOUNTED`: no record tells.
 */
export const CUSTOMER_STATES = [
  'CONFERENCE',
  'TALKING',
  'OUTSIDE',
  'HOLD',
  'RINGING',
  'QUEUE',
  'IVR',
  'ROUTING',
  'UNACCOUNTED',
] as const;
export type CustomerState = (typeof CUSTOMER_STATES)[number];

/** Where a call is or was at an instant: the customer's state, `UNKNOWN` where no record tells it. */
export const CALL_PHASES = [
  'IVR',
  'ROUTING',
  'QUEUE',
  'RINGING',
  'TALKING',
  'ON_HOLD',
  'CONFERENCE',
  'OUTSIDE',
  'UNKNOWN',
] as const;
export type CallPhase = (typeof CALL_PHASES)[number];

/** How a call ended. */
export const ENDING_WAYS = [
  'NORMAL',
  'REJECTED',
  'TIMEOUT',
  'TALK_LIMIT',
  'FAULT',
  'TRANSFERRED_OUT',
  'REDIRECTED',
  'CONFERENCE_RELEASED',
  'UNKNOWN',
] as const;
export type EndingWay = (typeof ENDING_WAYS)[number];

/** How one leg leads to another. */
export const LINK_KINDS = [
  /** The call went on at the next device. */
  'NEXT',
  'OVERFLOW',
  'TIMEOUT',
  'NO_AGENT',
  'QUEUE_CANCELLED',
  /** The agent did not answer. */
  'NO_ANSWER',
  /** The agent turned the call away. */
  'REJECTED',
  /** A suspended call came back to its agent. */
  'RESUME',
  'TRANSFER',
  /** A transfer did not succeed: the call came back. */
  'TRANSFER_FAILED',
  /** The customer was held: from the leg that held to the one that went on with the customer. */
  'HOLD',
  /** The agent of a leg asked another one, without the customer. */
  'CONSULT',
  /** The agent of a leg asked another one in, beside the customer. */
  'HELP',
  'CONFERENCE',
  /** A supervisor took the call over. */
  'INTERCEPT',
  /** Another agent answered in place of the one it rang at. */
  'PICKUP',
  /** A network of call centres gave the call back. */
  'NETWORK_RETURN',
  'REROUTE',
  /** The call waits in several queues at once. */
  'PARALLEL_QUEUE',
] as const;
export type LinkKind = (typeof LINK_KINDS)[number];

/** The vendor's modes of transfer. Source: page cec_07_1433, Table 4. */
export const TRANSFER_KINDS = [
  /** The agent leaves, whatever comes of it. Vendor: release transfer. */
  'BLIND',
  /** The agent leaves only once it succeeded; the two agents need not talk. Vendor: success transfer. */
  'SUPERVISED',
  /** The agents talk first, while the customer is on hold. Vendor: talk transfer. */
  'ATTENDED',
  /** All three talk first. Vendor: three-party transfer. */
  'THREE_PARTY',
  /** To a flow, and back to the same agent. Vendor: suspend transfer. */
  'SUSPENDED',
  'UNKNOWN',
] as const;
export type TransferKind = (typeof TRANSFER_KINDS)[number];

/** What somebody or something was in the call. */
export const PARTICIPANT_ROLES = [
  'CUSTOMER',
  'AGENT',
  /** An agent who only was asked, or helped, and never had the customer alone. */
  'CONSULTANT',
  /** Listened in, for quality inspection. */
  'MONITOR',
  'QUEUE',
  'IVR',
  'ROUTER',
  'CONFERENCE',
  'OUTSIDE',
  'UNKNOWN',
] as const;
export type ParticipantRole = (typeof PARTICIPANT_ROLES)[number];

/** What came of a participant's part. */
export const PARTICIPANT_RESULTS = [
  /** Talked with the customer, or with the agent who consulted. */
  'ANSWERED',
  /** It rang there, and nobody answered. */
  'NOT_ANSWERED',
  'REJECTED',
  /** A machine, a queue or a flow: the call passed. */
  'PASSED',
  'UNKNOWN',
] as const;
export type ParticipantResult = (typeof PARTICIPANT_RESULTS)[number];

/** `WARNING`: what is derived may be wrong. `INFO`: worth to know. */
export type FindingSeverity = 'INFO' | 'WARNING';

/** What may be wrong with the records of a call, or worth to know about them, in the order in which findings are listed. */
export const FINDINGS = {
  NO_FINAL_RECORD: 'WARNING',
  SEVERAL_FINAL_RECORDS: 'WARNING',
  MISSING_NUMBER: 'WARNING',
  DUPLICATE_NUMBER: 'WARNING',
  DUPLICATE_RECORD: 'WARNING',
  ORDER_REVERSED: 'WARNING',
  GAP: 'WARNING',
  OVERLAP: 'WARNING',
  NO_TIMES: 'WARNING',
  NO_END: 'WARNING',
  UNKNOWN_CODE: 'INFO',
  AMBIGUOUS_CODE: 'INFO',
  CODES_DISAGREE: 'WARNING',
  CODES_AND_TIMES_DISAGREE: 'WARNING',
  TIME_REVERSED: 'WARNING',
  OVERFLOW_SOURCE_NOT_RECORDED: 'INFO',
  HOLD_WITHOUT_CONSULTATION: 'INFO',
  CALL_ID_TIME_DISAGREES: 'INFO',
  NUMBERS_CHANGED: 'INFO',
  MEDIUM_CHANGED: 'INFO',
  SECONDS_TAKEN_AS_MS: 'INFO',
  VALUES_NOT_READ: 'INFO',
  TIMES_NOT_BELIEVED: 'INFO',
  RECORDS_OF_ANOTHER_YEAR: 'INFO',
  READING_DOUBTFUL: 'INFO',
  MONTH_EDGE_INCOMPLETE: 'WARNING',
} as const satisfies Readonly<Record<string, FindingSeverity>>;
export type FindingCode = keyof typeof FINDINGS;
