import type { CallPhase, KnownParty } from './vocabulary.js';

/** What a piece of evidence was taken to mean; each is a clause in `narrative/evidence.ts`, in every language. */
export type EvidenceClause =
  | 'ACK_BEGIN_IS_RING'
  | 'ACK_BEGIN_IS_ANSWER'
  | 'CALL_BEGIN_IS_TALK'
  | 'CALL_BEGIN_IS_CALL'
  | 'NO_FINAL_RECORD'
  | 'NO_FINAL_RECORD_YET'
  /** A code of the final CDR that does not tell who ended the call. */
  | 'NAMES_NOBODY'
  | `ENDED_BY_${KnownParty}`
  /** The leave reason says otherwise. */
  | `ENDED_BY_${KnownParty}_NOT_BELIEVED`
  /** Where the call was at the end. */
  | `ENDED_IN_${CallPhase}`
  | 'ENDED_IN_FLOW'
  | 'FLOW_ENDED_IT'
  | 'CALLBACK_REQUESTED'
  | 'MESSAGE_LEFT'
  | 'AGENT_REJECTED'
  | 'WHY_NOT_ANSWERED'
  | 'ANSWERED'
  | 'ANSWERED_WHATEVER_TIMES_SAY'
  | 'CONFERENCE_BEGAN'
  | 'CONSULTED'
  | 'ASKED_TO_JOIN'
  | 'HOLD_ENDED'
  | 'HOLD_NEVER_ENDED'
  | 'ENTERED_CONFERENCE'
  | 'SUSPENDED_CALL_RETURNED'
  | 'WHY_LEFT'
  | 'HOW_ENTERED'
  | 'HANDED_OVER'
  | 'HANDED_OVER_TO_NO_RECORD'
  | 'CONSULTED_AGENT_KEEPS_CALL'
  | 'TRANSFER_TIMED_OUT'
  | 'RETURNED_TO_WHO_SUSPENDED'
  | 'LEFT_BEFORE_RINGING'
  | 'LEFT_AFTER_ANSWER';
