import type { Confidence, Direction } from '../codes/code-row.js';
import type { EvidenceClause } from './clauses.js';
import type {
  CallParty,
  CallPhase,
  CustomerState,
  EndingWay,
  FindingCode,
  FindingSeverity,
  LinkKind,
  ParticipantResult,
  ParticipantRole,
  TransferKind,
  Verdict,
  VerdictReason,
} from './vocabulary.js';

/*
 * What the legs of a call mean. `understand` (understand.ts) derives all of it from a trace; nothing here asks a clock.
 * Legs are named by their position: 1, 2, …, as in `CallLeg.position`. Instants are in ms since 1970-01-01 UTC, durations
 * in ms and never negative.
 */

/** How the two documented times are read whose documents contradict one another. */
export interface Readings {
  /** What begins at ackBegin: the device rings (Table 4, row 2.7), or the call is answered (comment in the sample). */
  readonly ackBegin: 'ring' | 'answer';
  /** What begins at callBegin: the conversation (comment in the sample), or the whole call (Table 4, row 2.8, Chinese page). */
  readonly callBegin: 'talk' | 'call';
}

/** One thing a statement rests on. */
export interface Evidence {
  /** Position of the leg; null: not one leg, but the trace or a setting. Range: from 1. */
  readonly leg: number | null;
  /** Field of the record (`leaveReason`), or what else it is: `timeline`, or a setting (`CMS_CALL_BEGIN`). */
  readonly field: string;
  /** The code in that field; null where the field has none. */
  readonly code: number | null;
  /** The code's name; `UNKNOWN` for one in no table; null where there is no code. */
  readonly name: string | null;
  /** What the field holds where it is no code; instants in ISO 8601, UTC. Never a phone number. */
  readonly value: string | null;
  /** What it was taken to mean. */
  readonly says: EvidenceClause;
  readonly confidence: Confidence;
}

/*
 * IDs of agents and devices are null where the record names none, and where what it has could be a phone number: nothing
 * that is derived holds one, so it needs no mask.
 */

/** How a call ended. */
export interface CallEnding {
  readonly party: CallParty;
  /** The agent who ended it, if `party` is AGENT and the records tell which. */
  readonly agentId: string | null;
  /** Where the customer was just before `at`. */
  readonly phase: CallPhase;
  readonly how: EndingWay;
  /** End of the final CDR; null if no final CDR tells it. */
  readonly at: number | null;
  readonly confidence: Confidence;
  readonly evidence: readonly Evidence[];
}

/** The customer gave up: before an answer, or after one, while not talking. */
export interface Abandonment {
  readonly phase: CallPhase;
  /** How long, up to the end: in queues and ringing without a break; on hold for the last hold; 0 in an IVR. */
  readonly waitedMs: number;
  /** Somebody had answered before. */
  readonly afterAnswer: boolean;
}

/** A part of the call as the customer met it. */
export interface TimelinePiece {
  readonly state: CustomerState;
  readonly from: number;
  /** First instant after it. Equal to `from` in a call of no length alone. */
  readonly to: number;
  /** Positions of the legs that were so; of those that held, for HOLD. None where UNACCOUNTED. */
  readonly legs: readonly number[];
}

/** Sums of the timeline. All but durationMs add up to durationMs. Unit: ms. */
export interface CallTotals {
  readonly durationMs: number;
  readonly ivrMs: number;
  readonly routingMs: number;
  readonly queueMs: number;
  readonly ringingMs: number;
  readonly talkingMs: number;
  readonly holdMs: number;
  readonly conferenceMs: number;
  readonly outsideMs: number;
  readonly unaccountedMs: number;
}

/** How one leg leads to another. */
export interface LegLink {
  readonly kind: LinkKind;
  /** Position. */
  readonly from: number;
  /** Position; null: what followed is in no record. */
  readonly to: number | null;
  readonly confidence: Confidence;
  readonly evidence: readonly Evidence[];
}

/** One agent handed the customer to somebody else. */
export interface Transfer {
  readonly kind: TransferKind;
  /** The agent who handed over; null if the record names none. */
  readonly by: string | null;
  /** Position of that agent's leg. */
  readonly from: number;
  /** Position of the leg at which the customer went on; null: in no record. */
  readonly to: number | null;
  /** An agent answered at `to` or after it; null if the records cannot tell. */
  readonly completed: boolean | null;
  /** The agent who did; null if nobody did, or the record names none. */
  readonly answeredBy: string | null;
  readonly confidence: Confidence;
  readonly evidence: readonly Evidence[];
}

/** How a hold ended. `OPEN`: it did not, in a call in progress or without an end. */
export type HoldEnd = 'RESUMED' | 'CONNECTED' | 'RETRIEVED' | 'CONFERENCE' | 'CALL_ENDED' | 'OPEN';

/** An agent held the customer. */
export interface Hold {
  /** The agent who held; null if the record names none. */
  readonly by: string | null;
  /** Position of that agent's leg. */
  readonly from: number;
  /** Position of the leg at which the customer went on; null: none did. */
  readonly to: number | null;
  readonly startedAt: number;
  /** Null while OPEN. */
  readonly endedAt: number | null;
  readonly end: HoldEnd;
  /** Positions of the consultations within. None: the reason of the hold is in no record of this call. */
  readonly consultations: readonly number[];
}

/** Somebody or something that had a part in the call; one for each role and deviceNo. */
export interface Participant {
  readonly role: ParticipantRole;
  /** Agent ID, queue ID, or the internal number of another device; null for the customer. */
  readonly id: string | null;
  /** Positions of its legs; for the customer, of all legs the customer was on. */
  readonly legs: readonly number[];
  readonly result: ParticipantResult;
  /** An agent's own time, each instant once; null for others. */
  readonly times: AgentTimes | null;
}

/** An agent's time over all legs of theirs, each instant once. Null: the records cannot tell. Unit: ms. */
export interface AgentTimes {
  readonly ringMs: number | null;
  /** With the customer; consultations apart. */
  readonly talkMs: number | null;
  /** For which they held the customer. */
  readonly holdMs: number | null;
  /** Consulted by another agent. */
  readonly consultMs: number | null;
  /** Null for an agent who went into a conference: no record tells when they left it. */
  readonly conferenceMs: number | null;
}

/** Something about the records. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: FindingSeverity;
  /** Positions of the legs it is about; none: about the whole. */
  readonly legs: readonly number[];
  /** CDR numbers that miss, or stand there more than once. */
  readonly numbers: readonly number[];
  /** How much time it is about; null if it is not about time. Unit: ms. */
  readonly ms: number | null;
  /** Field of the record with the code; null if it is not about a field. */
  readonly field: string | null;
  /** The code; null if it is not about one. */
  readonly value: number | null;
  /** How often it happened, where that is all that is known; else null. */
  readonly count: number | null;
}

/** What a call was, derived from its records. */
export interface CallUnderstanding {
  readonly verdict: Verdict;
  /** Beside NOT_REACHED, NOT_SERVED and FAILED; else null, and where no code tells it. */
  readonly verdictReason: VerdictReason | null;
  /** The lowest of what the verdict rests on. */
  readonly confidence: Confidence;
  /** What the verdict rests on, and the readings in force. */
  readonly evidence: readonly Evidence[];

  /** Of the first call type there is; null without one. */
  readonly direction: Direction | 'UNKNOWN' | null;
  /** The customer was on the line; null where the call is not outbound, or no record tells. */
  readonly customerReached: boolean | null;
  /** A callback for which the customer had asked. */
  readonly callback: boolean;
  /** The customer was in a conference. */
  readonly conference: boolean;
  /** A queue passed the call on: it was full, took too long, or had nobody on duty. */
  readonly overflowed: boolean;

  /** Somebody talked with the customer. */
  readonly answered: boolean;
  /** The first agent who did; null if nobody did, or if the records do not tell who. */
  readonly answeredBy: string | null;
  /** Position of the first leg that was answered. */
  readonly answeredLeg: number | null;
  readonly answeredAt: number | null;
  /** From the first queue or ringing to the answer; null without an answer, or if it waited nowhere. Unit: ms. */
  readonly timeToAnswerMs: number | null;
  readonly abandoned: Abandonment | null;

  /** The final CDR is there: the call is over. */
  readonly complete: boolean;
  /** Null while the call is in progress. */
  readonly ending: CallEnding | null;
  /** Where the customer is; null unless the call is in progress. */
  readonly phaseNow: CallPhase | null;

  /** The earliest begin of any leg; null if there is none. */
  readonly startedAt: number | null;
  /** End of the timeline: of the final CDR, else of the last sign of life, else when it was asked for. Null without any time. */
  readonly until: number | null;
  /** What the customer met: exclusive and gapless from startedAt to until. */
  readonly timeline: readonly TimelinePiece[];
  readonly totals: CallTotals;

  /** In order of `to`; those without one last. */
  readonly links: readonly LegLink[];
  readonly transfers: readonly Transfer[];
  readonly holds: readonly Hold[];
  /** The customer first, then by first leg. */
  readonly participants: readonly Participant[];
  readonly findings: readonly Finding[];
}
