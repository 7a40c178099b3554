/* Written by graphql-codegen from schema/; run `npm run codegen` after a change there. */
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { Call as CallModel, CallLeg as CallLegModel } from '../call/call.js';
import type { CallTrace } from '../call/trace.js';
import type { DictionaryRow } from './dictionary.js';
import type { Problem, CallResult as CallResultModel } from './results.js';
import type { Evidence, Abandonment, CallEnding as EndingModel, TimelinePiece, CallTotals as TotalsModel, LegLink, Transfer, Hold, Participant, AgentTimes, Finding } from '../call/understanding/understanding.js';
import type { Narrative, Sentence } from '../call/understanding/narrative/sentences.js';
import type { GraphContext } from './context.js';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** A month as `YYYY-MM`, cut in the contact centre's time zone. It chooses the table in which the contact centre looks. */
  CallMonth: { input: string; output: string; }
  /**
   * An instant. Given out as ISO 8601 in UTC with milliseconds: `2021-03-14T10:29:25.000Z`.
   * Taken as ISO 8601 with an offset (`2021-03-14T18:29:25+08:00`) or as epoch milliseconds (`1615717765000`).
   */
  DateTime: { input: string | number; output: number; }
  _FieldSet: { input: string; output: string; }
};

/**
 * What happened to one call: all records that share its ID in one VDN and month. Another subgraph can name a call by `vdn`
 * and `callId` alone if the ID begins with the time of the call, as it does as a rule: the month comes from there, and the
 * call centre is the one that this gateway is configured for.
 */
export type Call = Node & {
  readonly __typename?: 'Call';
  /** How the customer gave up, before an answer or after one. Null if they did not. */
  readonly abandoned?: Maybe<CallAbandonment>;
  /** True if somebody talked with the customer. */
  readonly answered: Scalars['Boolean']['output'];
  /** When it was answered. Null if it was not. */
  readonly answeredAt?: Maybe<Scalars['DateTime']['output']>;
  /** Agent ID of the first who did. Null if nobody did, or if the records do not say who. */
  readonly answeredBy?: Maybe<Scalars['String']['output']>;
  /** Position of the first leg that was answered. Null if none was. */
  readonly answeredLeg?: Maybe<Scalars['Int']['output']>;
  /** Call ID as the contact centre writes it. */
  readonly callId: Scalars['ID']['output'];
  /** Kind of call, from the first leg that has one. */
  readonly callType?: Maybe<CallType>;
  /** The number behind `callType`. */
  readonly callTypeCode?: Maybe<Scalars['Int']['output']>;
  /** True for a callback for which the customer had asked. */
  readonly callback: Scalars['Boolean']['output'];
  /** Called number, from the first leg that has one. Personal data: without the scope `numbers` its last digits alone, `****0123`. */
  readonly calleeNo?: Maybe<Scalars['String']['output']>;
  /** Stands for `calleeNo`, as `callerNoHash` does for `callerNo`. */
  readonly calleeNoHash?: Maybe<Scalars['String']['output']>;
  /** Calling number, from the first leg that has one. Personal data: without the scope `numbers` its last digits alone, `****0123`. */
  readonly callerNo?: Maybe<Scalars['String']['output']>;
  /** Stands for `callerNo`, so that calls can be grouped by it unseen: equal for equal numbers, and tells nothing of them. Null if there is no number, or this gateway has no key for it. */
  readonly callerNoHash?: Maybe<Scalars['String']['output']>;
  /** Call centre. Range: 1 to 65535. */
  readonly ccId: Scalars['Int']['output'];
  /** True when the final record (number −1) is there: the call is over. */
  readonly complete: Scalars['Boolean']['output'];
  /** True if the customer was in a conference. */
  readonly conference: Scalars['Boolean']['output'];
  /** How surely the verdict is known: the lowest of what it rests on. */
  readonly confidence: CallCodeConfidence;
  /** True if the customer was on the line. Null unless the call is outbound, and where no record tells. */
  readonly customerReached?: Maybe<Scalars['Boolean']['output']>;
  /** Which way the call went, as its `callType` implies. */
  readonly direction?: Maybe<CallDirection>;
  /** From `startedAt` to `endedAt`, in milliseconds. Null if one of them is, or if they stand in the wrong order. At most 2147483647, as all durations here. */
  readonly durationMs?: Maybe<Scalars['Int']['output']>;
  /** When the final leg ended. Null while the call is in progress. */
  readonly endedAt?: Maybe<Scalars['DateTime']['output']>;
  /** Who ended the call: short for `ending.party`; `UNKNOWN` where the codes name nobody. Null while it is in progress. */
  readonly endedBy?: Maybe<CallParty>;
  /** How the call ended. Null while it is in progress. */
  readonly ending?: Maybe<CallEnding>;
  /** What the verdict rests on, and how the two doubtful times are read here. */
  readonly evidence: ReadonlyArray<CallEvidence>;
  /** What may be wrong with the records, or is worth to know about them. Empty for a sound record. */
  readonly findings: ReadonlyArray<CallFinding>;
  /** How fresh this answer is, and where it came from. */
  readonly freshness: CallFreshness;
  /** Each time an agent put the customer on hold. */
  readonly holds: ReadonlyArray<CallHold>;
  /** Opaque and stable; made of call centre, VDN, call ID and month. */
  readonly id: Scalars['ID']['output'];
  /** One of them, by its position. Null if the call has no such leg. For calls of thousands of legs, whose details are too many for one answer. */
  readonly leg?: Maybe<CallLeg>;
  /** The devices the call passed, in order: 1, 2, …, the final one last. Never empty. */
  readonly legs: ReadonlyArray<CallLeg>;
  /** How each leg led to another. */
  readonly links: ReadonlyArray<CallLegLink>;
  /** Medium of the call, from the first leg that has one. */
  readonly mediaType?: Maybe<CallMediaType>;
  /** The number behind `mediaType`. */
  readonly mediaTypeCode?: Maybe<Scalars['Int']['output']>;
  /** The month in whose table the call was found. */
  readonly month: Scalars['CallMonth']['output'];
  /** The call, told in sentences. No phone number is in it. */
  readonly narrative: CallNarrative;
  /** True if a queue passed the call on: it was full, took too long, or had nobody on duty. */
  readonly overflowed: Scalars['Boolean']['output'];
  /** Who and what had a part in the call: the customer first, then by first leg. */
  readonly participants: ReadonlyArray<CallParticipant>;
  /** Where the customer is. Null unless the call is in progress. */
  readonly phaseNow?: Maybe<CallPhase>;
  /** Why the call ended, from the final record. Null while the call is in progress. */
  readonly releaseCause?: Maybe<CallReleaseCause>;
  /** The number behind `releaseCause`. */
  readonly releaseCauseCode?: Maybe<Scalars['Int']['output']>;
  /** The earliest instant of any leg. Null if no leg has one. */
  readonly startedAt?: Maybe<Scalars['DateTime']['output']>;
  /** Channel of a social call, from the first leg that has one. Says something where `mediaType` is `MULTIMEDIA_SOCIAL`. */
  readonly subMediaType?: Maybe<CallSubMediaType>;
  /** The number behind `subMediaType`. */
  readonly subMediaTypeCode?: Maybe<Scalars['Int']['output']>;
  /** The call as text, to be pasted elsewhere. No phone number is in it. */
  readonly text: Scalars['String']['output'];
  /** From the first queue or ringing to the answer, in milliseconds. Null without an answer, or if the call waited nowhere. */
  readonly timeToAnswerMs?: Maybe<Scalars['Int']['output']>;
  /** What the customer met, from the first instant of the call to its last: without gap and without overlap. */
  readonly timeline: ReadonlyArray<CallTimelinePiece>;
  /** Where the time went: sums of the timeline, which add up to its whole. */
  readonly totals: CallTotals;
  /** Each time an agent handed the customer over. */
  readonly transfers: ReadonlyArray<CallTransfer>;
  /** Virtual call centre. Range: 1 to 5000. */
  readonly vdn: Scalars['Int']['output'];
  /** What the call came to. `UNKNOWN` where the records do not say. */
  readonly verdict: CallVerdict;
  /** Why, beside `NOT_REACHED`, `NOT_SERVED` and `FAILED`. Null for other verdicts, and where no code tells it. */
  readonly verdictReason?: Maybe<CallVerdictReason>;
};


/**
 * What happened to one call: all records that share its ID in one VDN and month. Another subgraph can name a call by `vdn`
 * and `callId` alone if the ID begins with the time of the call, as it does as a rule: the month comes from there, and the
 * call centre is the one that this gateway is configured for.
 */
export type CallLegArgs = {
  position: Scalars['Int']['input'];
};


/**
 * What happened to one call: all records that share its ID in one VDN and month. Another subgraph can name a call by `vdn`
 * and `callId` alone if the ID begins with the time of the call, as it does as a rule: the month comes from there, and the
 * call centre is the one that this gateway is configured for.
 */
export type CallNarrativeArgs = {
  language?: InputMaybe<CallLanguage>;
  timeZone?: InputMaybe<Scalars['String']['input']>;
};


/**
 * What happened to one call: all records that share its ID in one VDN and month. Another subgraph can name a call by `vdn`
 * and `callId` alone if the ID begins with the time of the call, as it does as a rule: the month comes from there, and the
 * call centre is the one that this gateway is configured for.
 */
export type CallTextArgs = {
  as: CallTextForm;
  language?: InputMaybe<CallLanguage>;
  timeZone?: InputMaybe<Scalars['String']['input']>;
};

/** How the customer gave up: before an answer, or after one while not talking. */
export type CallAbandonment = {
  readonly __typename?: 'CallAbandonment';
  /** True if somebody had answered before. */
  readonly afterAnswer: Scalars['Boolean']['output'];
  /** Where the customer was. */
  readonly phase: CallPhase;
  /** How long the customer had waited without a break, in milliseconds: in queues and ringing, or in the last hold; 0 in a menu. */
  readonly waitedMs: Scalars['Int']['output'];
};

/** An agent's time over all legs of theirs, each instant once, in milliseconds. Null where the records cannot tell. These are no parts of `totals`: several agents may be busy at once. */
export type CallAgentTimes = {
  readonly __typename?: 'CallAgentTimes';
  /** In a conference. Null for an agent who went into one: no record tells when they left it. */
  readonly conferenceMs?: Maybe<Scalars['Int']['output']>;
  /** Consulted by another agent. */
  readonly consultMs?: Maybe<Scalars['Int']['output']>;
  /** Holding the customer. */
  readonly holdMs?: Maybe<Scalars['Int']['output']>;
  /** Ringing. */
  readonly ringMs?: Maybe<Scalars['Int']['output']>;
  /** With the customer; consultations apart. */
  readonly talkMs?: Maybe<Scalars['Int']['output']>;
};

/** Whose words a Chinese meaning is. */
export type CallChineseSource =
  /** The operator of this gateway; in English where no Chinese was given. */
  | 'OPERATOR'
  /** A translation by this project. */
  | 'OURS'
  /** The vendor's documents. */
  | 'VENDOR';

/** One entry of a dictionary. */
export type CallCode = {
  readonly __typename?: 'CallCode';
  /** Whose words the Chinese ones are. */
  readonly chineseFrom: CallChineseSource;
  /** The number on the wire. */
  readonly code: Scalars['Int']['output'];
  /** How surely that is known. */
  readonly confidence: CallCodeConfidence;
  /** What it means, in one clause. */
  readonly meaning: Scalars['String']['output'];
  /** The enum value that stands for it; `UNKNOWN` for a code that the operator described but the schema does not name. */
  readonly name: Scalars['String']['output'];
  /** Where that is known from. */
  readonly source: Scalars['String']['output'];
  /** The dictionary that it stands in. */
  readonly table: CallCodeTable;
  /** The code as the interface writes it: `5`; result codes with their leading zero, `0100001`. */
  readonly wireCode: Scalars['String']['output'];
};


/** One entry of a dictionary. */
export type CallCodeMeaningArgs = {
  language?: InputMaybe<CallLanguage>;
};

/** How surely a meaning is known. */
export type CallCodeConfidence =
  /** From an official table of this interface. */
  | 'HIGH'
  /** From the table of another interface with the same numbers, or one unclear source. */
  | 'LOW'
  /** From a list or a program that agrees with one, or a neighbouring official table. */
  | 'MEDIUM';

/** The dictionaries. */
export type CallCodeTable =
  /** Call types. */
  | 'CALL_TYPE'
  /** Device types. */
  | 'DEVICE_TYPE'
  /** Reasons to come to a device. */
  | 'ENTER_REASON'
  /** Reasons to leave a device. */
  | 'LEAVE_REASON'
  /** Media types. */
  | 'MEDIA_TYPE'
  /** Causes of release. */
  | 'RELEASE_CAUSE'
  /** Result codes of the interface, as found in `extensions.upstream.resultCode` of an error. */
  | 'RESULT_CODE'
  /** Channels of social calls, in the edition this deployment speaks. */
  | 'SUB_MEDIA_TYPE';

/** What the customer meets. Where several hold at once, the first of this list counts. */
export type CallCustomerState =
  /** In a conference. */
  | 'CONFERENCE'
  /** On hold. */
  | 'HOLD'
  /** In a menu or with a recorded voice. */
  | 'IVR'
  /** Connected to somebody outside, of whom no device is known. */
  | 'OUTSIDE'
  /** Waiting in a queue. */
  | 'QUEUE'
  /** Ringing at an agent, or at the customer in an outbound call. */
  | 'RINGING'
  /** Being routed. */
  | 'ROUTING'
  /** Talking with an agent. */
  | 'TALKING'
  /** No record tells. */
  | 'UNACCOUNTED';

/** What can hold a leg of a call. */
export type CallDeviceType =
  /** Agent; deviceNo is the agent ID (work number). Code 2. */
  | 'AGENT'
  /** CDN routing device (a control point where an external application routes the call); deviceNo is the device’s internal identifier, not for display. Code 10. */
  | 'CDN'
  /** Conference call; deviceNo is the device’s internal identifier, not for display. Code 15. */
  | 'CONFERENCE'
  /** IVR flow; deviceNo is the device’s internal identifier, not for display. Code 3. */
  | 'IVR'
  /** MELCAS device; deviceNo is the device’s internal identifier, not for display. Code 11. */
  | 'MELCAS'
  /** PGR: default CDN route controlled through SCAI; deviceNo is the device’s internal identifier, not for display. Code 14. */
  | 'PGR'
  /** A call as device: two parties talk inside the platform without another device, e.g. after a transfer out; deviceNo is the device’s internal identifier, not for display. Code 5. */
  | 'PLATFORM_CALL'
  /** Skill queue; deviceNo is the queue ID as shown in the configuration console. Code 1. */
  | 'SKILL_QUEUE'
  /** Temporary routing device; deviceNo is the device’s internal identifier, not for display. Code 7. */
  | 'TEMPORARY_ROUTING_DEVICE'
  /** A code that this gateway does not know; the number stands beside it. */
  | 'UNKNOWN'
  /** Virtual device; deviceNo is the ID of the device shared over the network of call centres. Code 8. */
  | 'VIRTUAL_DEVICE';

/** Which way a call went, seen from the contact centre. */
export type CallDirection =
  /** Towards the contact centre. */
  | 'INBOUND'
  /** Within the contact centre. */
  | 'INTERNAL'
  /** From the contact centre. */
  | 'OUTBOUND'
  /** The call type is one that this gateway does not know. */
  | 'UNKNOWN';

/** How a call ended. */
export type CallEnding = {
  readonly __typename?: 'CallEnding';
  /** Agent ID, if an agent ended it and the records tell which. */
  readonly agentId?: Maybe<Scalars['String']['output']>;
  /** When it ended. Null if no final record tells it. */
  readonly at?: Maybe<Scalars['DateTime']['output']>;
  /** How surely all this is known. */
  readonly confidence: CallCodeConfidence;
  /** What it rests on. */
  readonly evidence: ReadonlyArray<CallEvidence>;
  /** How it ended. */
  readonly how: CallEndingWay;
  /** Who ended it; `UNKNOWN` where the codes name nobody. */
  readonly party: CallParty;
  /** Where the customer was just before. */
  readonly phase: CallPhase;
};

/** How a call ended. */
export type CallEndingWay =
  /** The conference was released. */
  | 'CONFERENCE_RELEASED'
  /** A fault ended it. */
  | 'FAULT'
  /** Somebody hung up, or a flow came to its end. */
  | 'NORMAL'
  /** It was redirected: the record ends, the conversation may not. */
  | 'REDIRECTED'
  /** An agent or the called party rejected it. */
  | 'REJECTED'
  /** The longest talk time was reached. */
  | 'TALK_LIMIT'
  /** It waited or rang too long. */
  | 'TIMEOUT'
  /** It was transferred out: what followed is not in this trace. */
  | 'TRANSFERRED_OUT'
  /** The codes do not say. */
  | 'UNKNOWN';

/** Why a call came to a device. */
export type CallEnterReason =
  /** The ACD has no resource for the call. Code 25. */
  | 'ACD_NO_RESOURCE'
  /** Agent turned the incoming call away (cancel). Code 49. */
  | 'AGENT_CANCELLED_INCOMING_CALL'
  /** Transferred because the agent did not answer for long. Code 5. */
  | 'AGENT_NO_ANSWER_TRANSFER'
  /** Agent rejected the call. Code 50. */
  | 'AGENT_REJECTED'
  /** The agent released the call. Code 16. */
  | 'AGENT_RELEASED'
  /** Agent unreachable; the CDN routes anew. Code 46. */
  | 'AGENT_UNREACHABLE_CDN_REROUTED'
  /** No called-number analysis is configured for the call. Code 14. */
  | 'CALLED_NUMBER_NOT_CONFIGURED'
  /** Called party busy. Code 20. */
  | 'CALLED_PARTY_BUSY'
  /** Mobile phone out of the service area. Code 23. */
  | 'CALLED_PARTY_OUT_OF_COVERAGE'
  /** Mobile phone switched off. Code 22. */
  | 'CALLED_PARTY_POWERED_OFF'
  /** Called party rejected the call. Code 27. */
  | 'CALLED_PARTY_REJECTED'
  /** Entered a CDN through an agent's consultation. Code 38. */
  | 'CDN_ENTERED_BY_AGENT_CONSULTATION'
  /** Entered a CDN through inbound routing. Code 37. */
  | 'CDN_ENTERED_BY_INBOUND_ROUTE'
  /** CDN returned a route normally. Code 39. */
  | 'CDN_ROUTE_RETURNED'
  /** CDN routing timed out. Code 40. */
  | 'CDN_ROUTE_TIMEOUT'
  /** Customer call entered a telephone conference. Code 51. */
  | 'CONFERENCE_ENTERED'
  /** Participant removed from the conference. Code 53. */
  | 'CONFERENCE_PARTICIPANT_REMOVED'
  /** Conference released by its chair, or by a CCS fault. Code 52. */
  | 'CONFERENCE_RELEASED'
  /** During consultation the agent cancelled or routing failed. Code 41. */
  | 'CONSULTATION_CANCELLED_OR_UNROUTABLE'
  /** Call put on hold. Code 18. */
  | 'HELD'
  /** Held call connected (connect-hold operation). Code 7. */
  | 'HELD_CALL_CONNECTED'
  /** Call taken back from hold. Code 9. */
  | 'HOLD_RETRIEVED'
  /** Call intercepted. Code 12. */
  | 'INTERCEPTED'
  /** Internal processing error. Code 19. */
  | 'INTERNAL_ERROR'
  /** Internal help: the side that asked for help released. Code 11. */
  | 'INTERNAL_HELP_REQUESTER_RELEASED'
  /** Transferred because the connect rate is below its threshold. Code 54. */
  | 'LOW_CONNECT_RATE_TRANSFER'
  /** Call of the master queue answered in a slave queue. Code 48. */
  | 'MASTER_QUEUE_CALL_ANSWERED_IN_SLAVE_QUEUE'
  /** Network call made on timeout, overflow or busy failed; the call queues again. Code 34. */
  | 'NETWORK_CALL_FAILED_REQUEUED'
  /** Network call came back to the original call centre to queue. Code 35. */
  | 'NETWORK_CALL_RETURNED_TO_ORIGIN_QUEUE'
  /** Ordinary access or transfer. Code 0. */
  | 'NORMAL'
  /** Transferred because no agent is on duty. Code 3. */
  | 'NO_AGENT_ON_DUTY_TRANSFER'
  /** Transferred because of overflow (newer document: overflow or busy). Code 1. */
  | 'OVERFLOW_TRANSFER'
  /** Entered a PGR through an agent's consultation. Code 45. */
  | 'PGR_ENTERED_BY_AGENT_CONSULTATION'
  /** Entered a PGR by a route the CDN returned normally. Code 43. */
  | 'PGR_ENTERED_BY_CDN_ROUTE'
  /** Entered a PGR because CDN routing timed out. Code 42. */
  | 'PGR_ENTERED_BY_CDN_TIMEOUT'
  /** Entered a PGR through inbound routing. Code 44. */
  | 'PGR_ENTERED_BY_INBOUND_ROUTE'
  /** Call picked up on behalf of another agent. Code 13. */
  | 'PICKED_UP_BY_OTHER_AGENT'
  /** Queuing call routed anew. Code 36. */
  | 'QUEUED_CALL_REROUTED'
  /** Call queues in several queues at once. Code 47. */
  | 'QUEUED_IN_MULTIPLE_QUEUES'
  /** Transferred because queuing was cancelled. Code 4. */
  | 'QUEUE_CANCELLED_TRANSFER'
  /** Supervised transfer to a queue (success-transfer: the agent leaves once it has succeeded). Code 28. */
  | 'SUCCESS_TRANSFER_TO_QUEUE'
  /** Supervised transfer to a queue (success-transfer) timed out. Code 30. */
  | 'SUCCESS_TRANSFER_TO_QUEUE_TIMEOUT'
  /** Suspended call resumed. Code 6. */
  | 'SUSPEND_RESUMED'
  /** Three-party conversation. Code 10. */
  | 'THREE_PARTY_CONVERSATION'
  /** Three-party help. Code 8. */
  | 'THREE_PARTY_HELP'
  /** Three-party transfer to a queue. Code 29. */
  | 'THREE_PARTY_TRANSFER_TO_QUEUE'
  /** Three-party transfer to a queue timed out. Code 31. */
  | 'THREE_PARTY_TRANSFER_TO_QUEUE_TIMEOUT'
  /** Transferred because of a timeout. Code 2. */
  | 'TIMEOUT_TRANSFER'
  /** Call transferred out. Code 17. */
  | 'TRANSFERRED_OUT'
  /** Called number does not exist. Code 24. */
  | 'UNALLOCATED_NUMBER'
  /** A code that this gateway does not know; the number stands beside it. */
  | 'UNKNOWN'
  /** Customer hung up after the agent had answered. Code 88. */
  | 'USER_HUNG_UP_AFTER_ANSWER'
  /** Customer hung up before the agent answered. Code 89. */
  | 'USER_HUNG_UP_BEFORE_ANSWER'
  /** The customer did not answer. Code 26. */
  | 'USER_NO_ANSWER'
  /** The customer released the call. Code 15. */
  | 'USER_RELEASED';

/**
 * Every `extensions.code` of an error of this gateway. A client generates its type from here; later versions may add
 * values, so leave a way for those it does not know. Each error has `requestId` and `retryable` beside the code, and
 * `retryAfterMs` where it is retryable and the time is known.
 */
export type CallErrorCode =
  /** Whether the credential is valid cannot be told now, for no fault of the client (503). Ask again later. */
  | 'AUTHENTICATION_UNAVAILABLE'
  /** The request is not as HTTP, or GraphQL over HTTP, wants it. */
  | 'BAD_REQUEST'
  /** An argument or a variable is out of its range, or two contradict each other; `argument` names it where it is one of a call. */
  | 'BAD_USER_INPUT'
  /** This gateway runs only the documents of its manifest, and this is none of them. */
  | 'DOCUMENT_NOT_TRUSTED'
  /** The caller may not ask for calls of this VDN, whether there are such calls or not. */
  | 'FORBIDDEN'
  /** The document is not GraphQL. */
  | 'GRAPHQL_PARSE_FAILED'
  /** The document does not fit this schema. */
  | 'GRAPHQL_VALIDATION_FAILED'
  /** A fault of this gateway; its log has it under the same `requestId`. Tell its operators. */
  | 'INTERNAL_SERVER_ERROR'
  /** The document holds no operation of that name, or several and none was named. */
  | 'OPERATION_RESOLUTION_FAILURE'
  /** The document, the variables or the answer are larger than this gateway takes. Ask for less at once. */
  | 'OPERATION_TOO_COMPLEX'
  /** No document is known under that hash. Send hash and text together. */
  | 'PERSISTED_QUERY_NOT_FOUND'
  /** This gateway keeps no documents by hash. Send the text, or the ID of a trusted document. */
  | 'PERSISTED_QUERY_NOT_SUPPORTED'
  /** The caller has no points left, or an address tried too many credentials (429). Ask again after `retryAfterMs`. */
  | 'RATE_LIMITED'
  /** The request has no valid credential (401). */
  | 'UNAUTHENTICATED'
  /** The contact centre refused the signature or the address of this gateway. Only its operators can mend it. */
  | 'UPSTREAM_AUTH_FAILED'
  /** The reply of the contact centre cannot be read: it is not as documented. */
  | 'UPSTREAM_MALFORMED'
  /** Too many requests wait for the contact centre, so this one was not queued. Ask again later. */
  | 'UPSTREAM_OVERLOADED'
  /** The contact centre took the question and refused it: the message names its result code. */
  | 'UPSTREAM_REJECTED'
  /** The answer did not come in time. Ask again. */
  | 'UPSTREAM_TIMEOUT'
  /** The contact centre could not be reached, or answered 429 or 5xx. Ask again later. */
  | 'UPSTREAM_UNAVAILABLE';

/** One thing that a statement rests on. */
export type CallEvidence = {
  readonly __typename?: 'CallEvidence';
  /** The code in that field; null where it holds none. */
  readonly code?: Maybe<Scalars['Int']['output']>;
  /** How surely that is known. */
  readonly confidence: CallCodeConfidence;
  /** Field of the record (`leaveReason`), or what else it is: `timeline`, or a setting (`CMS_CALL_BEGIN`). */
  readonly field: Scalars['String']['output'];
  /** Position of the leg; null where it is no leg, but the whole or a setting. */
  readonly leg?: Maybe<Scalars['Int']['output']>;
  /** The name of the code; `UNKNOWN` for one in no table. */
  readonly name?: Maybe<Scalars['String']['output']>;
  /** What it was taken to mean. */
  readonly says: Scalars['String']['output'];
  /** What the field holds where it is no code. Never a phone number. */
  readonly value?: Maybe<Scalars['String']['output']>;
};


/** One thing that a statement rests on. */
export type CallEvidenceSaysArgs = {
  language?: InputMaybe<CallLanguage>;
};

/** Something about the records. */
export type CallFinding = {
  readonly __typename?: 'CallFinding';
  /** What. */
  readonly code: CallFindingCode;
  /** How often it happened, where that is all that is known. */
  readonly count?: Maybe<Scalars['Int']['output']>;
  /** Field of the record that it is about. Null if it is about none. */
  readonly field?: Maybe<Scalars['String']['output']>;
  /** Positions of the legs it is about; none: it is about the whole. */
  readonly legs: ReadonlyArray<Scalars['Int']['output']>;
  /** How much time it is about, in milliseconds. Null if it is not about time. */
  readonly ms?: Maybe<Scalars['Int']['output']>;
  /** Numbers of records that are missing, or are there more than once. */
  readonly numbers: ReadonlyArray<Scalars['Int']['output']>;
  /** What it says, in a sentence. */
  readonly sentence: Scalars['String']['output'];
  /** How bad. */
  readonly severity: CallFindingSeverity;
  /** The code in that field. Null if it is not about one. */
  readonly value?: Maybe<Scalars['Int']['output']>;
};


/** Something about the records. */
export type CallFindingSentenceArgs = {
  language?: InputMaybe<CallLanguage>;
};

/** What can be said about records. */
export type CallFindingCode =
  /** A code with two documented meanings. */
  | 'AMBIGUOUS_CODE'
  /** The time at the head of the call ID is more than a day from the start. */
  | 'CALL_ID_TIME_DISAGREES'
  /** A code says what the times deny, such as that nobody answered. */
  | 'CODES_AND_TIMES_DISAGREE'
  /** Leave reason and release cause name different parties. */
  | 'CODES_DISAGREE'
  /** Two different records have one number. */
  | 'DUPLICATE_NUMBER'
  /** A record was there more than once; the repetitions were dropped. */
  | 'DUPLICATE_RECORD'
  /** Over a second between two legs that nothing explains. */
  | 'GAP'
  /** The customer was held, and no record of this call tells why. */
  | 'HOLD_WITHOUT_CONSULTATION'
  /** The medium differs between legs. */
  | 'MEDIUM_CHANGED'
  /** A number is missing in the row of records. */
  | 'MISSING_NUMBER'
  /** Legs in the neighbouring month may be missing: it could not be asked. */
  | 'MONTH_EDGE_INCOMPLETE'
  /** A leg without an end that is not the last one. */
  | 'NO_END'
  /** The final record is missing. */
  | 'NO_FINAL_RECORD'
  /** A leg without any time. */
  | 'NO_TIMES'
  /** Calling or called number differ between legs. */
  | 'NUMBERS_CHANGED'
  /** The order of the numbers is not that of the times. */
  | 'ORDER_REVERSED'
  /** A queue passed the call on, and has no record of its own: the vendor writes none. */
  | 'OVERFLOW_SOURCE_NOT_RECORDED'
  /** Two legs at once for over a second, and nothing explains it. */
  | 'OVERLAP'
  /** The two doubtful times seem to be read wrongly here: for the operators of this gateway. */
  | 'READING_DOUBTFUL'
  /** Records of another year were dropped. */
  | 'RECORDS_OF_ANOTHER_YEAR'
  /** Times that counted seconds were taken for milliseconds. */
  | 'SECONDS_TAKEN_AS_MS'
  /** There are two final records, and they differ. */
  | 'SEVERAL_FINAL_RECORDS'
  /** Times that cannot be were taken for none. */
  | 'TIMES_NOT_BELIEVED'
  /** Within a leg, a later phase begins before an earlier one. */
  | 'TIME_REVERSED'
  /** A code that is in no table. */
  | 'UNKNOWN_CODE'
  /** Values that could not be read were taken for none. */
  | 'VALUES_NOT_READ';

/** How bad a finding is. */
export type CallFindingSeverity =
  /** Worth to know. */
  | 'INFO'
  /** What is derived may be wrong. */
  | 'WARNING';

/** Why not every gateway can be told to forget a call. To ask once more does no harm. */
export type CallForgetProblem =
  /** The shared cache has forgotten the call, but no replica has said so in time: a failover now could bring it back. */
  | 'NOT_REPLICATED'
  /** The shared cache answers, but refuses the command: it is read-only or full, or lacks a right. */
  | 'SHARED_CACHE_REFUSED'
  /** The shared cache does not answer. */
  | 'SHARED_CACHE_UNREACHABLE';

/** What became of a `forgetCall`. */
export type CallForgetResult = {
  readonly __typename?: 'CallForgetResult';
  /**
   * True once the shared cache has forgotten the call, on a replica too where it has one, and the other gateways were sent
   * word: within a second none of them answers from older data. A gateway without a shared cache has only itself to tell.
   * False: this gateway has forgotten the call, and others may hold it until it is stale.
   */
  readonly forgotten: Scalars['Boolean']['output'];
  /** Why not; null if `forgotten` is true. */
  readonly problem?: Maybe<CallForgetProblem>;
};

/** How fresh an answer is, and where it came from. */
export type CallFreshness = {
  readonly __typename?: 'CallFreshness';
  /** Time since `askedAt`, in milliseconds. At most 2147483647. */
  readonly ageMs: Scalars['Int']['output'];
  /** When the contact centre was asked for it, by the contact centre's clock. */
  readonly askedAt: Scalars['DateTime']['output'];
  /** True if nothing about this will change any more: the final record is there, no record is missing or without its end, and the call was over for minutes when the contact centre was asked. */
  readonly final: Scalars['Boolean']['output'];
  /** Until when this is as good as asking anew: a client that polls asks again then. In the past if `stale`. */
  readonly freshUntil: Scalars['DateTime']['output'];
  /** Where the answer came from. */
  readonly source: CallFreshnessSource;
  /** True if the contact centre should have been asked anew but could not answer: this is the last it said. */
  readonly stale: Scalars['Boolean']['output'];
};

/** Where an answer can come from. */
export type CallFreshnessSource =
  /** The cache in this gateway's memory. */
  | 'MEMORY'
  /** The cache that all gateways share. */
  | 'SHARED_CACHE'
  /** The contact centre, just now. */
  | 'UPSTREAM';

/** An agent held the customer. */
export type CallHold = {
  readonly __typename?: 'CallHold';
  /** Agent ID. Null if the record names none. */
  readonly by?: Maybe<Scalars['String']['output']>;
  /** Positions of the consultations within. None: no record of this call tells why. */
  readonly consultations: ReadonlyArray<Scalars['Int']['output']>;
  /** How it ended. */
  readonly end: CallHoldEnd;
  /** When it ended. Null while `OPEN`. */
  readonly endedAt?: Maybe<Scalars['DateTime']['output']>;
  /** Position of that agent's leg. */
  readonly from: Scalars['Int']['output'];
  /** When it began. */
  readonly startedAt: Scalars['DateTime']['output'];
  /** Position of the leg at which the customer went on. Null if there is none. */
  readonly to?: Maybe<Scalars['Int']['output']>;
};

/** How a hold ended. */
export type CallHoldEnd =
  /** The call ended. */
  | 'CALL_ENDED'
  /** All went into a conference. */
  | 'CONFERENCE'
  /** The customer was connected with whom the agent had asked. */
  | 'CONNECTED'
  /** It did not: the call is in progress, or its end is in no record. */
  | 'OPEN'
  /** The suspended call was resumed. */
  | 'RESUMED'
  /** The agent took the customer back. */
  | 'RETRIEVED';

/** Names one call. The arguments of `Query.call` in one object. */
export type CallKeyInput = {
  /** Call ID as the contact centre writes it: 1 to 64 printable ASCII characters, as a rule `{epoch}-{number}`. */
  readonly callId: Scalars['ID']['input'];
  /** Call centre. Range: 1 to 65535. Left out: the one this gateway is configured for. */
  readonly ccId?: InputMaybe<Scalars['Int']['input']>;
  /** Any instant of the month in which the call was logged. Not together with `month`. */
  readonly logDate?: InputMaybe<Scalars['DateTime']['input']>;
  /** The month in which the call was logged. Not together with `logDate`. */
  readonly month?: InputMaybe<Scalars['CallMonth']['input']>;
  /** Virtual call centre that took the call. Range: 1 to 5000. */
  readonly vdn: Scalars['Int']['input'];
};

/** The languages in which calls and codes are told. */
export type CallLanguage =
  /** English. */
  | 'EN'
  /** Chinese, in simplified characters. */
  | 'ZH';

/** Why a call left a device. */
export type CallLeaveReason =
  /** The ACD has no resource for the call. Code 25. */
  | 'ACD_NO_RESOURCE'
  /** Agent turned the incoming call away (cancel). Code 49. */
  | 'AGENT_CANCELLED_INCOMING_CALL'
  /** Transferred because the agent did not answer for long. Code 5. */
  | 'AGENT_NO_ANSWER_TRANSFER'
  /** Agent rejected the call. Code 50. */
  | 'AGENT_REJECTED'
  /** The agent released the call. Code 16. */
  | 'AGENT_RELEASED'
  /** Agent unreachable; the CDN routes anew. Code 46. */
  | 'AGENT_UNREACHABLE_CDN_REROUTED'
  /** No called-number analysis is configured for the call. Code 14. */
  | 'CALLED_NUMBER_NOT_CONFIGURED'
  /** Called party busy. Code 20. */
  | 'CALLED_PARTY_BUSY'
  /** Mobile phone out of the service area. Code 23. */
  | 'CALLED_PARTY_OUT_OF_COVERAGE'
  /** Mobile phone switched off. Code 22. */
  | 'CALLED_PARTY_POWERED_OFF'
  /** Called party rejected the call. Code 27. */
  | 'CALLED_PARTY_REJECTED'
  /** Entered a CDN through an agent's consultation. Code 38. */
  | 'CDN_ENTERED_BY_AGENT_CONSULTATION'
  /** Entered a CDN through inbound routing. Code 37. */
  | 'CDN_ENTERED_BY_INBOUND_ROUTE'
  /** CDN returned a route normally. Code 39. */
  | 'CDN_ROUTE_RETURNED'
  /** CDN routing timed out. Code 40. */
  | 'CDN_ROUTE_TIMEOUT'
  /** Customer call entered a telephone conference. Code 51. */
  | 'CONFERENCE_ENTERED'
  /** Participant removed from the conference. Code 53. */
  | 'CONFERENCE_PARTICIPANT_REMOVED'
  /** Conference released by its chair, or by a CCS fault. Code 52. */
  | 'CONFERENCE_RELEASED'
  /** During consultation the agent cancelled or routing failed. Code 41. */
  | 'CONSULTATION_CANCELLED_OR_UNROUTABLE'
  /** Call put on hold. Code 18. */
  | 'HELD'
  /** Held call connected (connect-hold operation). Code 7. */
  | 'HELD_CALL_CONNECTED'
  /** Call taken back from hold. Code 9. */
  | 'HOLD_RETRIEVED'
  /** Call intercepted. Code 12. */
  | 'INTERCEPTED'
  /** Internal processing error. Code 19. */
  | 'INTERNAL_ERROR'
  /** Internal help: the side that asked for help released. Code 11. */
  | 'INTERNAL_HELP_REQUESTER_RELEASED'
  /** Transferred because the connect rate is below its threshold. Code 54. */
  | 'LOW_CONNECT_RATE_TRANSFER'
  /** Call of the master queue answered in a slave queue. Code 48. */
  | 'MASTER_QUEUE_CALL_ANSWERED_IN_SLAVE_QUEUE'
  /** Network call made on timeout, overflow or busy failed; the call queues again. Code 34. */
  | 'NETWORK_CALL_FAILED_REQUEUED'
  /** Network call came back to the original call centre to queue. Code 35. */
  | 'NETWORK_CALL_RETURNED_TO_ORIGIN_QUEUE'
  /** Ordinary access or transfer. Code 0. */
  | 'NORMAL'
  /** Transferred because no agent is on duty. Code 3. */
  | 'NO_AGENT_ON_DUTY_TRANSFER'
  /** Transferred because of overflow (newer document: overflow or busy). Code 1. */
  | 'OVERFLOW_TRANSFER'
  /** Entered a PGR through an agent's consultation. Code 45. */
  | 'PGR_ENTERED_BY_AGENT_CONSULTATION'
  /** Entered a PGR by a route the CDN returned normally. Code 43. */
  | 'PGR_ENTERED_BY_CDN_ROUTE'
  /** Entered a PGR because CDN routing timed out. Code 42. */
  | 'PGR_ENTERED_BY_CDN_TIMEOUT'
  /** Entered a PGR through inbound routing. Code 44. */
  | 'PGR_ENTERED_BY_INBOUND_ROUTE'
  /** Call picked up on behalf of another agent. Code 13. */
  | 'PICKED_UP_BY_OTHER_AGENT'
  /** Queuing call routed anew. Code 36. */
  | 'QUEUED_CALL_REROUTED'
  /** Call queues in several queues at once. Code 47. */
  | 'QUEUED_IN_MULTIPLE_QUEUES'
  /** Transferred because queuing was cancelled. Code 4. */
  | 'QUEUE_CANCELLED_TRANSFER'
  /** Supervised transfer to a queue (success-transfer: the agent leaves once it has succeeded). Code 28. */
  | 'SUCCESS_TRANSFER_TO_QUEUE'
  /** Supervised transfer to a queue (success-transfer) timed out. Code 30. */
  | 'SUCCESS_TRANSFER_TO_QUEUE_TIMEOUT'
  /** Suspended call resumed. Code 6. */
  | 'SUSPEND_RESUMED'
  /** Three-party conversation. Code 10. */
  | 'THREE_PARTY_CONVERSATION'
  /** Three-party help. Code 8. */
  | 'THREE_PARTY_HELP'
  /** Three-party transfer to a queue. Code 29. */
  | 'THREE_PARTY_TRANSFER_TO_QUEUE'
  /** Three-party transfer to a queue timed out. Code 31. */
  | 'THREE_PARTY_TRANSFER_TO_QUEUE_TIMEOUT'
  /** Transferred because of a timeout. Code 2. */
  | 'TIMEOUT_TRANSFER'
  /** Call transferred out. Code 17. */
  | 'TRANSFERRED_OUT'
  /** Called number does not exist. Code 24. */
  | 'UNALLOCATED_NUMBER'
  /** A code that this gateway does not know; the number stands beside it. */
  | 'UNKNOWN'
  /** Customer hung up after the agent had answered. Code 88. */
  | 'USER_HUNG_UP_AFTER_ANSWER'
  /** Customer hung up before the agent answered. Code 89. */
  | 'USER_HUNG_UP_BEFORE_ANSWER'
  /** The customer did not answer. Code 26. */
  | 'USER_NO_ANSWER'
  /** The customer released the call. Code 15. */
  | 'USER_RELEASED';

/** A call's stay at one device: one record of the contact centre, in its place. */
export type CallLeg = {
  readonly __typename?: 'CallLeg';
  /** When the device began to answer (to ring). Null if it did not, or if no time was sent. */
  readonly ackBegin?: Maybe<Scalars['DateTime']['output']>;
  /** When the conversation began. Null if there was none, or if no time was sent. */
  readonly callBegin?: Maybe<Scalars['DateTime']['output']>;
  /** When the call left this device; equal to `callBegin` where nobody answered. Null if no time was sent. */
  readonly callEnd?: Maybe<Scalars['DateTime']['output']>;
  /** The contact centre's number of the record: 1, 2, …; −1 marks the final one. */
  readonly callIdNum: Scalars['Int']['output'];
  /** Kind of call. */
  readonly callType?: Maybe<CallType>;
  /** The number behind `callType`. */
  readonly callTypeCode?: Maybe<Scalars['Int']['output']>;
  /** Called number. Personal data: without the scope `numbers` its last digits alone, `****0123`. */
  readonly calleeNo?: Maybe<Scalars['String']['output']>;
  /** Stands for `calleeNo`, as on `Call`. */
  readonly calleeNoHash?: Maybe<Scalars['String']['output']>;
  /** Calling number. Personal data: without the scope `numbers` its last digits alone, `****0123`. */
  readonly callerNo?: Maybe<Scalars['String']['output']>;
  /** Stands for `callerNo`, as on `Call`. */
  readonly callerNoHash?: Maybe<Scalars['String']['output']>;
  /** How long the device was connected, a person or a machine: from `callBegin` to `callEnd`, in milliseconds; 0 where nobody answered. Null if one of them is. */
  readonly connectedMs?: Maybe<Scalars['Int']['output']>;
  /** Skill queue that handled the call. The contact centre writes `0` for none. What could be a phone number is masked as in `deviceNo`. */
  readonly currentSkillId?: Maybe<Scalars['String']['output']>;
  /** Description of the device, as a rule a constant such as `DEVICE_AGENT`. Masked where it holds a phone number, as `deviceNo`. */
  readonly deviceIn?: Maybe<Scalars['String']['output']>;
  /**
   * Which device: an agent's or a queue's ID. For other device types an internal number, not for display. After a transfer
   * to the outside it may be a phone number, which is personal data: without the scope `numbers` its last digits alone.
   */
  readonly deviceNo?: Maybe<Scalars['String']['output']>;
  /** What held the call: an agent, a queue, an IVR flow … */
  readonly deviceType?: Maybe<CallDeviceType>;
  /** The number behind `deviceType`. */
  readonly deviceTypeCode?: Maybe<Scalars['Int']['output']>;
  /** From `startedAt` to `endedAt`, in milliseconds. Null if one of them is. */
  readonly durationMs?: Maybe<Scalars['Int']['output']>;
  /** When the call left this device: `callEnd`. */
  readonly endedAt?: Maybe<Scalars['DateTime']['output']>;
  /** Why the call came to this device. */
  readonly enterReason?: Maybe<CallEnterReason>;
  /** The number behind `enterReason`. */
  readonly enterReasonCode?: Maybe<Scalars['Int']['output']>;
  /** Opaque, and unique among all legs of all calls; made of the call's key and `callIdNum`. It stays as the call goes on. */
  readonly id: Scalars['ID']['output'];
  /** True for the final record, the one numbered −1. */
  readonly isLast: Scalars['Boolean']['output'];
  /** Why the call left this device. */
  readonly leaveReason?: Maybe<CallLeaveReason>;
  /** The number behind `leaveReason`. */
  readonly leaveReasonCode?: Maybe<Scalars['Int']['output']>;
  /** Medium of this leg. */
  readonly mediaType?: Maybe<CallMediaType>;
  /** The number behind `mediaType`. */
  readonly mediaTypeCode?: Maybe<Scalars['Int']['output']>;
  /** Place in the call, from 1 on. */
  readonly position: Scalars['Int']['output'];
  /** Why the whole call ended. Null on all legs but the last: the contact centre's number means nothing there. */
  readonly releaseCause?: Maybe<CallReleaseCause>;
  /** The number the contact centre sent; on all legs but the last it means nothing. */
  readonly releaseCauseCode?: Maybe<Scalars['Int']['output']>;
  /** From `ackBegin` to `callBegin`, in milliseconds. Null if one of them is. */
  readonly ringingMs?: Maybe<Scalars['Int']['output']>;
  /** When the call came to this device: the earliest of `waitBegin`, `ackBegin` and `callBegin`. Null if there is none of them. */
  readonly startedAt?: Maybe<Scalars['DateTime']['output']>;
  /** Call centre within a network of call centres; 0 outside one. */
  readonly subCcNo?: Maybe<Scalars['Int']['output']>;
  /** Channel of a social call. Says something where `mediaType` is `MULTIMEDIA_SOCIAL`. */
  readonly subMediaType?: Maybe<CallSubMediaType>;
  /** The number behind `subMediaType`. */
  readonly subMediaTypeCode?: Maybe<Scalars['Int']['output']>;
  /** When the call began to wait at this device. Null if it did not, or if no time was sent. */
  readonly waitBegin?: Maybe<Scalars['DateTime']['output']>;
  /** From `waitBegin` to `ackBegin`, in milliseconds. Null if one of them is, or if they stand in the wrong order, as all durations of a leg. */
  readonly waitingMs?: Maybe<Scalars['Int']['output']>;
};

/** How one leg led to another. */
export type CallLegLink = {
  readonly __typename?: 'CallLegLink';
  /** How surely that is known. */
  readonly confidence: CallCodeConfidence;
  /** What it rests on. */
  readonly evidence: ReadonlyArray<CallEvidence>;
  /** Position of the leg that led on. */
  readonly from: Scalars['Int']['output'];
  /** How. */
  readonly kind: CallLinkKind;
  /** Position of the leg that followed. Null if what followed is in no record. */
  readonly to?: Maybe<Scalars['Int']['output']>;
};

/** How one leg can lead to another. */
export type CallLinkKind =
  /** Into a conference. */
  | 'CONFERENCE'
  /** The agent asked another one, without the customer. */
  | 'CONSULT'
  /** The agent asked another one in, beside the customer. */
  | 'HELP'
  /** The customer was held, and went on here. */
  | 'HOLD'
  /** A supervisor took the call over. */
  | 'INTERCEPT'
  /** A network of call centres gave the call back. */
  | 'NETWORK_RETURN'
  /** The call went on at the next device. */
  | 'NEXT'
  /** Nobody was on duty. */
  | 'NO_AGENT'
  /** The agent did not answer. */
  | 'NO_ANSWER'
  /** The queue was full or busy. */
  | 'OVERFLOW'
  /** The call waited in several queues at once. */
  | 'PARALLEL_QUEUE'
  /** Another agent answered in place of the one it rang at. */
  | 'PICKUP'
  /** Queuing was cancelled, and the call went on. */
  | 'QUEUE_CANCELLED'
  /** The agent turned the call away. */
  | 'REJECTED'
  /** The call was routed anew. */
  | 'REROUTE'
  /** A suspended call came back to its agent. */
  | 'RESUME'
  /** It waited too long. */
  | 'TIMEOUT'
  /** An agent handed the customer over. */
  | 'TRANSFER'
  /** A transfer did not succeed: the call came back. */
  | 'TRANSFER_FAILED';

/** Media a call can use. */
export type CallMediaType =
  /** Application sharing. Code 10. */
  | 'APPLICATION_SHARING'
  /** Request by the customer to be called back. Code 4. */
  | 'CALLBACK_REQUEST'
  /** Text chat. Code 1. */
  | 'CHAT'
  /** Desktop sharing. Code 21. */
  | 'DESKTOP_SHARING'
  /** E-mail; the vendor marks it as not supported at present (e-mail travels as 50 or 53). Code 6. */
  | 'EMAIL'
  /** Escorted (co-)browsing and form sharing. Code 3. */
  | 'ESCORT'
  /** Fax; the vendor marks it as not supported at present. Code 7. */
  | 'FAX'
  /** File transfer. Code 11. */
  | 'FILE_TRANSFER'
  /** Message. Code 17. */
  | 'MESSAGE'
  /** Multimedia: e-mail. Code 50. */
  | 'MULTIMEDIA_EMAIL'
  /** Multimedia: fax. Code 54. */
  | 'MULTIMEDIA_FAX'
  /** Multimedia: video chat in the browser (H5). Code 55. */
  | 'MULTIMEDIA_H5_VIDEO'
  /** Multimedia: SMS. Code 52. */
  | 'MULTIMEDIA_SMS'
  /** Multimedia: social channel; subMediaType says which one. Code 53. */
  | 'MULTIMEDIA_SOCIAL'
  /** Multimedia: web chat. Code 51. */
  | 'MULTIMEDIA_WEB_CHAT'
  /** OPS: operator (attendant) position service. Code 14. */
  | 'OPERATOR_SERVICE'
  /** Telephone call with video. Code 19. */
  | 'PHONE_VIDEO_CALL'
  /** Predictive outbound call. Code 15. */
  | 'PREDICTIVE_OUTBOUND'
  /** Preview outbound call. Code 16. */
  | 'PREVIEW_OUTBOUND'
  /** A code that this gateway does not know; the number stands beside it. */
  | 'UNKNOWN'
  /** Inbound call waiting in a skill queue, as its calling number (the vendor's wording is unclear). Code 22. Medium confidence: not from an official table of this field. */
  | 'VC_CALL'
  /** Video over IP (H.323). Code 8. */
  | 'VIDEO_IP'
  /** ISDN video over 2B+D. Code 12. */
  | 'VIDEO_ISDN_2B_D'
  /** ISDN video over 6B+D. Code 13. */
  | 'VIDEO_ISDN_6B_D'
  /** Ordinary telephone voice call. Code 5. */
  | 'VOICE'
  /** Click-to-dial: voice call started from a web page. Code 2. */
  | 'WEB_CALL'
  /** Message left on the web page; not real time. Code 20. */
  | 'WEB_LEAVE_MESSAGE'
  /** Click-to-dial with video. Code 18. */
  | 'WEB_VIDEO_CALL'
  /** Shared whiteboard. Code 9. */
  | 'WHITEBOARD';

/** A call, told. */
export type CallNarrative = {
  readonly __typename?: 'CallNarrative';
  /** What it came to, who ended it, and when it was. */
  readonly headline: Scalars['String']['output'];
  /** What happened, in order: a sentence for each piece of the timeline, and for each link that is more than going on. */
  readonly sentences: ReadonlyArray<CallSentence>;
};

/** The contact centre knows no such call in that month. */
export type CallNotFound = {
  readonly __typename?: 'CallNotFound';
  /** Call ID, as it was asked for. */
  readonly callId: Scalars['ID']['output'];
  /** Call centre. Range: 1 to 65535. */
  readonly ccId: Scalars['Int']['output'];
  /** How fresh that is. Worth asking again from `freshUntil` on. */
  readonly freshness: CallFreshness;
  /** The month in which was looked. */
  readonly month: Scalars['CallMonth']['output'];
  /** Virtual call centre. Range: 1 to 5000. */
  readonly vdn: Scalars['Int']['output'];
};

/** Who or what had a part in the call; one for each role and device. */
export type CallParticipant = {
  readonly __typename?: 'CallParticipant';
  /**
   * Agent ID, queue ID, or the internal number of another device. Null for the customer, where no record names it, and where
   * what it names could be a phone number (7 digits, an `@`): the leg has it, masked. The same holds for every agent ID that is derived.
   */
  readonly deviceId?: Maybe<Scalars['String']['output']>;
  /** Positions of its legs; for the customer, of all legs the customer was on. */
  readonly legs: ReadonlyArray<Scalars['Int']['output']>;
  /** What came of it. */
  readonly result: CallParticipantResult;
  /** What part. */
  readonly role: CallParticipantRole;
  /** An agent's own time; null for others. */
  readonly times?: Maybe<CallAgentTimes>;
};

/** What came of a participant's part. */
export type CallParticipantResult =
  /** Talked with the customer, or with the agent who asked. */
  | 'ANSWERED'
  /** It rang there, and nobody answered. */
  | 'NOT_ANSWERED'
  /** The call passed a machine or a queue. */
  | 'PASSED'
  /** Turned the call away. */
  | 'REJECTED'
  /** The records do not say. */
  | 'UNKNOWN';

/** What part somebody or something can have. */
export type CallParticipantRole =
  /** An agent who had the customer, or at whom it rang. */
  | 'AGENT'
  /** A conference. */
  | 'CONFERENCE'
  /** An agent who was asked, or helped, and never had the customer alone. */
  | 'CONSULTANT'
  /** The customer. */
  | 'CUSTOMER'
  /** A menu or a recorded voice. */
  | 'IVR'
  /** Listened in, for quality inspection. */
  | 'MONITOR'
  /** Somebody outside. */
  | 'OUTSIDE'
  /** A skill queue. */
  | 'QUEUE'
  /** A device that routes. */
  | 'ROUTER'
  /** A device of an unknown type. */
  | 'UNKNOWN';

/** Who can end a call. */
export type CallParty =
  /** An agent hung up, cancelled or rejected. */
  | 'AGENT'
  /** The customer hung up or gave up. */
  | 'CUSTOMER'
  /** A flow, a queue's rule, a timeout or a fault ended it. */
  | 'SYSTEM'
  /** The codes of the final record name nobody. */
  | 'UNKNOWN';

/** Where a call is or was at an instant, as the customer met it. */
export type CallPhase =
  /** In a conference. */
  | 'CONFERENCE'
  /** In a menu or with a recorded voice. */
  | 'IVR'
  /** On hold. */
  | 'ON_HOLD'
  /** Connected to somebody outside, of whom no device is known. */
  | 'OUTSIDE'
  /** Waiting in a queue. */
  | 'QUEUE'
  /** Ringing at an agent, or at the customer in an outbound call. */
  | 'RINGING'
  /** Being routed. */
  | 'ROUTING'
  /** Talking with an agent. */
  | 'TALKING'
  /** No record tells. */
  | 'UNKNOWN';

/** A call that could not be asked for, or whose answer failed. The other keys are answered all the same. */
export type CallProblem = {
  readonly __typename?: 'CallProblem';
  /** Call ID of the key. */
  readonly callId: Scalars['ID']['output'];
  /** Call centre of the key; the one that this gateway is configured for if it names none. */
  readonly ccId: Scalars['Int']['output'];
  /** Clients branch on it. */
  readonly code: CallErrorCode;
  /** For people: what happened, and what to do about it. */
  readonly message: Scalars['String']['output'];
  /** Tells an operator which lines of the log to read. */
  readonly requestId: Scalars['String']['output'];
  /** When it may help to ask again, in milliseconds from now. Null if that is not known, or if it is not retryable. */
  readonly retryAfterMs?: Maybe<Scalars['Int']['output']>;
  /** True if the same question may succeed later without a change by the client. */
  readonly retryable: Scalars['Boolean']['output'];
  /** Virtual call centre of the key. */
  readonly vdn: Scalars['Int']['output'];
};

/** How much a caller may ask. An operation costs a point for each call it asks for, five for one asked anew, one more for each 500 fields of the answer, and once for each 250 characters of a document not seen before; at least one. */
export type CallRateLimit = {
  readonly __typename?: 'CallRateLimit';
  /** What this operation cost. */
  readonly cost: Scalars['Int']['output'];
  /** Points per minute. */
  readonly limit: Scalars['Int']['output'];
  /** Points that are left, as far as this gateway knows; others may have taken some for you. */
  readonly remaining: Scalars['Int']['output'];
  /** When all points are there again. */
  readonly resetAt: Scalars['DateTime']['output'];
};

/** Why a whole call ended. Known in part only: expect `UNKNOWN`, and read the number beside it. */
export type CallReleaseCause =
  /** Abnormal release, other causes. Code 3. */
  | 'ABNORMAL_RELEASE'
  /** Handshake between platform and ACD timed out. Code 503. */
  | 'ACD_HANDSHAKE_TIMEOUT'
  /** Outbound: waiting for ring or answer from the ACD timed out. Code 502. */
  | 'ACD_NO_ACK'
  /** ACD or system out of resources. Code 602. Low confidence: from the table of another interface, or one unclear source. */
  | 'ACD_NO_RESOURCE'
  /** No setup acknowledgement from the ACD. Code 510. Medium confidence: not from an official table of this field. */
  | 'ACD_SETUP_ACK_TIMEOUT'
  /** ACD timed out. Code 606. Low confidence: from the table of another interface, or one unclear source. */
  | 'ACD_TIMEOUT'
  /** Agent acted while the call was being joined (text cut off). Code 1288. Low confidence: from the table of another interface, or one unclear source. */
  | 'AGENT_ACTION_DURING_BRIDGING'
  /** Occupying the agent's device timed out. Code 1041. Low confidence: from the table of another interface, or one unclear source. */
  | 'AGENT_DEVICE_OCCUPY_TIMEOUT'
  /** The agent released the call. Code 1281. Medium confidence: not from an official table of this field. */
  | 'AGENT_HANGUP'
  /** Where the device is an agent: the queue's longest talk time was exceeded. Code 16. Low confidence: from the table of another interface, or one unclear source. */
  | 'AGENT_MAX_TALK_TIME_EXCEEDED'
  /** Occupying an agent failed (not for outbound calls to an IVR). Code 1046. Low confidence: from the table of another interface, or one unclear source. */
  | 'AGENT_OCCUPY_FAILED'
  /** CCACS found that polling from the agent side timed out. Code 2. */
  | 'AGENT_POLLING_TIMEOUT'
  /** Joining agent and user failed. Code 1056. Low confidence: from the table of another interface, or one unclear source. */
  | 'AGENT_USER_BRIDGE_FAILED'
  /** Announcement or script file missing. Code 60. */
  | 'ANNOUNCEMENT_OR_SCRIPT_NOT_FOUND'
  /** Called party busy. Code 47. */
  | 'CALLED_BUSY'
  /** Called party did not answer. Code 8. */
  | 'CALLED_NO_ANSWER'
  /** CCIVR/IVR released: timed out waiting for CTIServer to report that the called party went off hook. Code 346. */
  | 'CALLED_OFF_HOOK_TIMEOUT'
  /** Called party out of the service area. Code 10. */
  | 'CALLED_OUT_OF_COVERAGE'
  /** Called phone switched off. Code 48. */
  | 'CALLED_POWERED_OFF'
  /** Called party rejected. Code 9. */
  | 'CALLED_REJECTED'
  /** Call data timed out. Code 703. Low confidence: from the table of another interface, or one unclear source. */
  | 'CALL_DATA_TIMEOUT'
  /** Address given by CCS is wrong. Code 519. Medium confidence: not from an official table of this field. */
  | 'CCS_ADDRESS_ERROR'
  /** Address given by CCS is wrong, second case. Code 520. Medium confidence: not from an official table of this field. */
  | 'CCS_ADDRESS_ERROR_2'
  /** CCS disconnected, disaster-recovery handling. Code 12. */
  | 'CCS_DISCONNECTED'
  /** CCS did not carry out the forward in time. Code 508. Medium confidence: not from an official table of this field. */
  | 'CCS_FORWARD_TIMEOUT'
  /** Handshake with CCS timed out. Code 504. Medium confidence: not from an official table of this field. */
  | 'CCS_HANDSHAKE_TIMEOUT'
  /** No occupy acknowledgement from CCS. Code 511. Medium confidence: not from an official table of this field. */
  | 'CCS_OCCUPY_ACK_TIMEOUT'
  /** No reroute acknowledgement from CCS. Code 506. Medium confidence: not from an official table of this field. */
  | 'CCS_REROUTE_ACK_TIMEOUT'
  /** No reroute acknowledgement from CCS, second case. Code 507. Medium confidence: not from an official table of this field. */
  | 'CCS_REROUTE_ACK_TIMEOUT_2'
  /** CCS routing timed out. Code 516. Medium confidence: not from an official table of this field. */
  | 'CCS_ROUTE_TIMEOUT'
  /** CCS transaction timed out. Code 509. Medium confidence: not from an official table of this field. */
  | 'CCS_TRANSACTION_TIMEOUT'
  /** Released by the client side. Code 518. Medium confidence: not from an official table of this field. */
  | 'CLIENT_DISCONNECTED'
  /** Connection failed. Code 7. */
  | 'CONNECTION_FAILED'
  /** CCIVR/IVR released: handshake with CTIServer timed out. Code 354. */
  | 'CTISERVER_HANDSHAKE_TIMEOUT'
  /** Timed out waiting for AnswerAck from CTIS. Code 345. */
  | 'CTIS_ANSWER_ACK_TIMEOUT'
  /** Timed out waiting for CallIDInfo from CTIS. Code 343. */
  | 'CTIS_CALL_ID_INFO_TIMEOUT'
  /** Timed out waiting for Notify from CTIS. Code 344. */
  | 'CTIS_NOTIFY_TIMEOUT'
  /** Waiting for CTIS to run the script failed. Code 348. */
  | 'CTIS_RUN_SCRIPT_FAILED'
  /** Timed out waiting for the subscribe-notify response from CTIS. Code 347. */
  | 'CTIS_SUBSCRIBE_NOTIFY_RESPONSE_TIMEOUT'
  /** Default cause: CCS gave no routing result, or the flow disconnected. Code 501. */
  | 'DEFAULT_CAUSE'
  /** General timeout. Code 258. */
  | 'GENERAL_TIMEOUT'
  /** Insufficient balance. Code 50. */
  | 'INSUFFICIENT_BALANCE'
  /** Insufficient resources. Code 257. */
  | 'INSUFFICIENT_RESOURCES'
  /** CCIVR/IVR released: IVR failed to join the two calls. Code 357. */
  | 'IVR_BRIDGE_FAILED'
  /** CCIVR/IVR released: conference name wrong, perhaps too long. Code 342. */
  | 'IVR_CONFERENCE_NAME_INVALID'
  /** CCIVR/IVR released: connection failed. Code 263. */
  | 'IVR_CONNECTION_FAILED'
  /** CCIVR/IVR released: flow not found or not parseable. Code 338. */
  | 'IVR_FLOW_NOT_FOUND'
  /** CCIVR/IVR released normally. Code 256. */
  | 'IVR_NORMAL_CLEARING'
  /** CCIVR/IVR released: too few control blocks. Code 339. */
  | 'IVR_NO_CONTROL_BLOCK'
  /** CCIVR/IVR released: other error. Code 360. */
  | 'IVR_OTHER_ERROR'
  /** CCIVR/IVR released: outbound call by CCIVR timed out. Code 356. */
  | 'IVR_OUTBOUND_TIMEOUT'
  /** No resume acknowledgement from the IVR. Code 505. Medium confidence: not from an official table of this field. */
  | 'IVR_RESUME_ACK_TIMEOUT'
  /** Transfer from agent to IVR: no routing acknowledgement. Code 514. Medium confidence: not from an official table of this field. */
  | 'IVR_ROUTING_ACK_TIMEOUT'
  /** CCIVR/IVR released: wrong MRF script type. Code 340. */
  | 'IVR_WRONG_SCRIPT_TYPE'
  /** Line busy; or all links CTI-CCIVR or CCIVR-IVRPortal down. Code 11. */
  | 'LINE_BUSY_OR_IVR_LINK_DOWN'
  /** Mailbox full or suspended. Code 5. */
  | 'MAILBOX_FULL_OR_SUSPENDED'
  /** Calling into the mailbox is not allowed. Code 6. */
  | 'MAILBOX_INBOUND_NOT_ALLOWED'
  /** CCIVR/IVR released: longest allowed talk time exceeded. Code 359. */
  | 'MAX_TALK_TIME_EXCEEDED'
  /** Timed out waiting for the MSCML transfer-script response. Code 353. */
  | 'MSCML_TRANSFER_SCRIPT_TIMEOUT'
  /** The flow disconnects; normal release. Code 0. */
  | 'NORMAL_CLEARING'
  /** No agent signed in. Code 20139. Low confidence: from the table of another interface, or one unclear source. */
  | 'NO_AGENT_SIGNED_IN'
  /** Agents lack the required capability. Code 20348. Low confidence: from the table of another interface, or one unclear source. */
  | 'NO_CAPABLE_AGENT'
  /** Operation conflict. Code 61. */
  | 'OPERATION_CONFLICT'
  /** Outbound: called party busy. Code 537. Low confidence: from the table of another interface, or one unclear source. */
  | 'OUTBOUND_CALLED_BUSY'
  /** Outbound: phone out of the service area. Code 549. Low confidence: from the table of another interface, or one unclear source. */
  | 'OUTBOUND_CALLED_OUT_OF_COVERAGE'
  /** Outbound: phone switched off. Code 548. Low confidence: from the table of another interface, or one unclear source. */
  | 'OUTBOUND_CALLED_POWERED_OFF'
  /** Outbound call detection timed out. Code 1049. Low confidence: from the table of another interface, or one unclear source. */
  | 'OUTBOUND_DETECTION_TIMEOUT'
  /** Limit of outbound calls reached. Code 1048. Low confidence: from the table of another interface, or one unclear source. */
  | 'OUTBOUND_LIMIT_REACHED'
  /** Released because the user did not answer. Code 603. Low confidence: from the table of another interface, or one unclear source. */
  | 'OUTBOUND_NO_ANSWER'
  /** User rejected the call. Code 604. Low confidence: from the table of another interface, or one unclear source. */
  | 'OUTBOUND_REJECTED'
  /** Timed out waiting inside the platform for the outbound result. Code 1043. Low confidence: from the table of another interface, or one unclear source. */
  | 'OUTBOUND_RESULT_TIMEOUT'
  /** Outbound: empty or wrong number. Code 538. Low confidence: from the table of another interface, or one unclear source. */
  | 'OUTBOUND_UNALLOCATED_NUMBER'
  /** Outbound: user hung up, or could not be reached. Code 551. Low confidence: from the table of another interface, or one unclear source. */
  | 'OUTBOUND_USER_HANGUP_OR_UNREACHABLE'
  /** Parameter error. Code 59. */
  | 'PARAMETER_ERROR'
  /** Timed out waiting for ringing or answer. Code 517. Medium confidence: not from an official table of this field. */
  | 'PROCEEDING_TIMEOUT'
  /** Queue overflow or queuing timeout. Code 512. Medium confidence: not from an official table of this field. */
  | 'QUEUE_TIMEOUT'
  /** Queue overflow or queuing timeout, second case. Code 513. Medium confidence: not from an official table of this field. */
  | 'QUEUE_TIMEOUT_2'
  /** User cancelled queuing (pressed the cancel key while the IVR played in the queue). Code 80. */
  | 'QUEUING_CANCELLED_BY_USER'
  /** Queuing timed out and the platform released the call. Code 702. Low confidence: from the table of another interface, or one unclear source. */
  | 'QUEUING_TIMEOUT'
  /** Redirected by the agent. Code 521. Medium confidence: not from an official table of this field. */
  | 'REDIRECTED_BY_AGENT'
  /** Redirected by the IVR flow. Code 522. Medium confidence: not from an official table of this field. */
  | 'REDIRECTED_BY_IVR'
  /** Released by a redirect. Code 152. Low confidence: from the table of another interface, or one unclear source. */
  | 'REDIRECT_RELEASE'
  /** Resources fully occupied. Code 1. */
  | 'RESOURCES_FULL'
  /** Released because a resource operation went wrong. Code 14. */
  | 'RESOURCE_OPERATION_FAILURE'
  /** User did not pick up within the ringing time; the platform released. Code 1040. Low confidence: from the table of another interface, or one unclear source. */
  | 'RINGING_TIMEOUT'
  /** Routing to the agent failed. Code 20388. Low confidence: from the table of another interface, or one unclear source. */
  | 'ROUTING_TO_AGENT_FAILED'
  /** Timed out waiting for the service module to answer the call. Code 351. */
  | 'SERVICE_MODULE_ANSWER_TIMEOUT'
  /** CCIVR/IVR released: timed out waiting for the service module to take the call. Code 350. */
  | 'SERVICE_MODULE_PICKUP_TIMEOUT'
  /** Timed out waiting for the subscribe response from the service module. Code 352. */
  | 'SERVICE_MODULE_SUBSCRIBE_RESPONSE_TIMEOUT'
  /** Timed out waiting for ServiceStartAck from the service module. Code 349. */
  | 'SERVICE_START_ACK_TIMEOUT'
  /** Service type not supported. Code 62. */
  | 'SERVICE_TYPE_UNSUPPORTED'
  /** Switch busy or out of resources. Code 605. Low confidence: from the table of another interface, or one unclear source. */
  | 'SWITCH_BUSY'
  /** Internal system fault. Code 63. */
  | 'SYSTEM_INTERNAL_FAULT'
  /** Transfer target did not respond in time. Code 515. Medium confidence: not from an official table of this field. */
  | 'TRANSFER_TARGET_TIMEOUT'
  /** Empty (non-existent) number; the English page mistranslates it as "No." A community list instead says forced sign-out of the agent during the call, where the device is an agent. Code 4. */
  | 'UNALLOCATED_NUMBER'
  /** A code that this gateway does not know; the number stands beside it. */
  | 'UNKNOWN'
  /** The customer hung up. Code 531. Medium confidence: not from an official table of this field. */
  | 'USER_HANGUP'
  /** User hung up before the answer. Code 601. Low confidence: from the table of another interface, or one unclear source. */
  | 'USER_HANGUP_BEFORE_ANSWER'
  /** User hung up while queuing, or all agents were busy. Code 701. Low confidence: from the table of another interface, or one unclear source. */
  | 'USER_HANGUP_WHILE_QUEUING'
  /** User released before the answer. Code 49. */
  | 'USER_RELEASED_BEFORE_ANSWER'
  /** The VDN is not managed by this CCS. Code 21053. Low confidence: from the table of another interface, or one unclear source. */
  | 'VDN_NOT_MANAGED_BY_CCS'
  /** Fatal error of the voice-mail service. Code 13. */
  | 'VMS_FATAL_ERROR'
  /** VSPCOMM fee deduction failed. Code 253. */
  | 'VSPCOMM_CHARGING_FAILED'
  /** VSPCOMM released for another reason; see its log. Code 254. */
  | 'VSPCOMM_OTHER'
  /** VSPCOMM rating (pricing) failed. Code 252. */
  | 'VSPCOMM_RATING_FAILED'
  /** VSPCOMM unavailable; also the first code of the VSP group. Code 251. */
  | 'VSPCOMM_UNAVAILABLE';

/** What became of one key of `callResults`. */
export type CallResult = Call | CallNotFound | CallProblem;

/** One sentence. */
export type CallSentence = {
  readonly __typename?: 'CallSentence';
  /** Positions of the legs it tells of; none: no record tells of it, or it is about the whole. */
  readonly legs: ReadonlyArray<Scalars['Int']['output']>;
  /** The sentence, with its full stop. */
  readonly text: Scalars['String']['output'];
};

/** Channels of a social call. 7 to 9 are numbered by the edition of the documents that the contact centre follows. */
export type CallSubMediaType =
  /** E-mail; 7 in the newer documents, 8 in the older. */
  | 'EMAIL'
  /** Facebook Messenger. */
  | 'FACEBOOK_MESSENGER'
  /** Instagram; 10 in the newer documents, absent from the older. */
  | 'INSTAGRAM'
  /** LINE. */
  | 'LINE'
  /** 5G message (RCS); 7 in the older documents, absent from the newer. */
  | 'RCS_5G_MESSAGE'
  /** SMS; 8 in the newer documents, 9 in the older. */
  | 'SMS'
  /** Telegram; 9 in the newer documents, absent from the older. Medium confidence: not from an official table of this field. */
  | 'TELEGRAM'
  /** Twitter (X). */
  | 'TWITTER'
  /** A code that this gateway does not know; the number stands beside it. */
  | 'UNKNOWN'
  /** Web channel. */
  | 'WEB'
  /** WeChat. */
  | 'WECHAT'
  /** WhatsApp. */
  | 'WHATSAPP';

/** How a call can be told as text. */
export type CallTextForm =
  /** The legs as comma-separated values (RFC 4180), with a header row. */
  | 'CSV'
  /** Markdown. */
  | 'MARKDOWN'
  /** A diagram in the language of Mermaid. */
  | 'MERMAID'
  /** Plain text in lines of at most 80 columns. */
  | 'PLAIN';

/** A part of the call as the customer met it. */
export type CallTimelinePiece = {
  readonly __typename?: 'CallTimelinePiece';
  /** From `from` to `to`, in milliseconds. */
  readonly durationMs: Scalars['Int']['output'];
  /** Its first instant. */
  readonly from: Scalars['DateTime']['output'];
  /** Positions of the legs that tell of it; for a hold, of those that held. */
  readonly legs: ReadonlyArray<Scalars['Int']['output']>;
  /** What it was. */
  readonly state: CallCustomerState;
  /** The first instant after it. */
  readonly to: Scalars['DateTime']['output'];
};

/** Where the time went, in milliseconds. All but `durationMs` add up to `durationMs`. */
export type CallTotals = {
  readonly __typename?: 'CallTotals';
  /** In conferences. */
  readonly conferenceMs: Scalars['Int']['output'];
  /** The whole timeline: to the end of the call, or so far. */
  readonly durationMs: Scalars['Int']['output'];
  /** On hold. */
  readonly holdMs: Scalars['Int']['output'];
  /** In menus. */
  readonly ivrMs: Scalars['Int']['output'];
  /** Connected to the outside. */
  readonly outsideMs: Scalars['Int']['output'];
  /** In queues. */
  readonly queueMs: Scalars['Int']['output'];
  /** Ringing. */
  readonly ringingMs: Scalars['Int']['output'];
  /** Being routed. */
  readonly routingMs: Scalars['Int']['output'];
  /** Talking with an agent. */
  readonly talkingMs: Scalars['Int']['output'];
  /** Told by no record. */
  readonly unaccountedMs: Scalars['Int']['output'];
};

/** One agent handed the customer to somebody else. */
export type CallTransfer = {
  readonly __typename?: 'CallTransfer';
  /** Agent ID of who answered. Null if nobody did, or the record names none. */
  readonly answeredBy?: Maybe<Scalars['String']['output']>;
  /** Agent ID of who handed over. Null if the record names none. */
  readonly by?: Maybe<Scalars['String']['output']>;
  /** True if an agent answered there or later. Null if the records cannot tell. */
  readonly completed?: Maybe<Scalars['Boolean']['output']>;
  /** How surely that is known. */
  readonly confidence: CallCodeConfidence;
  /** What it rests on. */
  readonly evidence: ReadonlyArray<CallEvidence>;
  /** Position of that agent's leg. */
  readonly from: Scalars['Int']['output'];
  /** How. */
  readonly kind: CallTransferKind;
  /** Position of the leg at which the customer went on. Null if it is in no record. */
  readonly to?: Maybe<Scalars['Int']['output']>;
};

/** The vendor's modes of transfer. */
export type CallTransferKind =
  /** The agents talk first, while the customer is on hold. Vendor: talk transfer. */
  | 'ATTENDED'
  /** The agent leaves, whatever comes of it. Vendor: release transfer. */
  | 'BLIND'
  /** The agent leaves only once it succeeded; the two need not talk. Vendor: success transfer. */
  | 'SUPERVISED'
  /** To a flow, and back to the same agent. Vendor: suspend transfer. */
  | 'SUSPENDED'
  /** All three talk first. Vendor: three-party transfer. */
  | 'THREE_PARTY'
  /** The records do not say. */
  | 'UNKNOWN';

/** Kinds of call. */
export type CallType =
  /** Ordinary inbound call. Code 0. */
  | 'INBOUND'
  /** Special inbound call. Code 1. */
  | 'INBOUND_SPECIAL'
  /** Long-distance inbound call. Code 5. */
  | 'INBOUND_TOLL'
  /** Call from agent to agent; can be neither transferred out nor muted. Code 6. */
  | 'INTERNAL'
  /** Internal consultation of two parties. Code 51. Medium confidence: not from an official table of this field. */
  | 'INTERNAL_CONSULTATION'
  /** Internal consultation of three parties. Code 52. Medium confidence: not from an official table of this field. */
  | 'INTERNAL_CONSULTATION_THREE_PARTY'
  /** Call of several parties. Code 53. Medium confidence: not from an official table of this field. */
  | 'MULTI_PARTY'
  /** Inbound in a network of call centres. Code 13. */
  | 'NETWORK_INBOUND'
  /** Network inbound side of an internal call to a virtual agent. Code 17. */
  | 'NETWORK_INTERNAL_INBOUND'
  /** Network outbound side of an internal call to a virtual agent. Code 18. */
  | 'NETWORK_INTERNAL_OUTBOUND'
  /** Outbound in a network of call centres. Code 14. */
  | 'NETWORK_OUTBOUND'
  /** Quality-inspection inbound in a network of call centres. Code 15. */
  | 'NETWORK_QUALITY_MONITORING_INBOUND'
  /** Quality-inspection outbound in a network of call centres. Code 16. */
  | 'NETWORK_QUALITY_MONITORING_OUTBOUND'
  /** Operator service: aid (assistance) call. Code 20. */
  | 'OPERATOR_ASSISTED'
  /** Operator service: relayed / deferred call. Code 22. */
  | 'OPERATOR_DEFERRED'
  /** Operator service: incoming call of an international operator. Code 21. */
  | 'OPERATOR_INBOUND'
  /** Operator service: outgoing call of an international operator. Code 23. */
  | 'OPERATOR_OUTBOUND'
  /** Ordinary outbound call, as a rule dialled by an agent. Code 7. */
  | 'OUTBOUND'
  /** Agent outbound type. Code 8. */
  | 'OUTBOUND_AGENT'
  /** Callback to a customer who asked for it. Code 45. */
  | 'OUTBOUND_CALLBACK'
  /** Outbound by an IVR flow. Code 10. */
  | 'OUTBOUND_IVR'
  /** Outbound by an IVR flow over PRI. Code 12. */
  | 'OUTBOUND_IVR_PRI'
  /** Outbound call a phone agent dials on the phone itself; recorded only if CDRs for PC+PHONE calls are switched on for the VDN. Code 11. */
  | 'OUTBOUND_PHONE_AGENT'
  /** Pre-connected outbound. Code 42. */
  | 'OUTBOUND_PRECONNECTED'
  /** Predictive outbound, which the platform treats as a virtual inbound call once the customer answers. Code 43. */
  | 'OUTBOUND_PREDICTIVE'
  /** Pre-occupied outbound: an agent is seized first, then the customer is dialled. Code 41. */
  | 'OUTBOUND_PREOCCUPIED'
  /** Preview outbound: the agent sees the customer's data before dialling. Code 44. */
  | 'OUTBOUND_PREVIEW'
  /** Outbound over PRI. Code 9. */
  | 'OUTBOUND_PRI'
  /** Reserved (scheduled) outbound: the system polls the list of reservations and dials when due. Code 40. */
  | 'OUTBOUND_RESERVED'
  /** A code that this gateway does not know; the number stands beside it. */
  | 'UNKNOWN'
  /** Video inbound: the actual call, started by the ACD. Code 30. */
  | 'VIDEO_INBOUND'
  /** Video inbound: virtual call that joins 2 channels (2B+D). Code 32. */
  | 'VIDEO_INBOUND_VIRTUAL_2B_D'
  /** Video inbound: virtual call that joins 6 channels (6B+D). Code 33. */
  | 'VIDEO_INBOUND_VIRTUAL_6B_D'
  /** Video outbound: the actual call, towards the ACD. Code 31. */
  | 'VIDEO_OUTBOUND'
  /** Video outbound: virtual 2B+D call, started by CCS. Code 34. */
  | 'VIDEO_OUTBOUND_VIRTUAL_2B_D'
  /** Video outbound: virtual 6B+D call, started by CCS. Code 35. */
  | 'VIDEO_OUTBOUND_VIRTUAL_6B_D'
  /** Voice-mail system call that deletes a voice message. Code 3. */
  | 'VMS_DELETE_VOICE_MESSAGE'
  /** Voice-mail system call that fetches a voice message. Code 2. */
  | 'VMS_GET_VOICE_MESSAGE'
  /** Voice-mail system call that notifies a pager. Code 4. */
  | 'VMS_PAGER_NOTIFICATION';

/** What a call came to. The first that applies, in this order. */
export type CallVerdict =
  /** The customer left in a menu. Whether satisfied or annoyed, no record tells. */
  | 'ABANDONED_IN_IVR'
  /** The customer gave up while waiting in a queue. */
  | 'ABANDONED_IN_QUEUE'
  /** The customer gave up while it rang at an agent. */
  | 'ABANDONED_WHILE_RINGING'
  /** Somebody talked with the customer, even if the customer gave up later. */
  | 'ANSWERED'
  /** The customer asked to be called back, and nobody answered. */
  | 'CALLBACK_REQUESTED'
  /** A fault, a timeout inside the platform, or its configuration ended it: `verdictReason` says which. */
  | 'FAILED'
  /** Nobody answered here: the call was sent on to the outside. */
  | 'FORWARDED'
  /** No final record yet, and signs of life within the last 12 hours. */
  | 'IN_PROGRESS'
  /** The customer left a message, and nobody answered. */
  | 'MESSAGE_LEFT'
  /** An outbound call did not reach its customer: `verdictReason` says why. */
  | 'NOT_REACHED'
  /** The platform ended it unanswered: `verdictReason` says why. */
  | 'NOT_SERVED'
  /** A flow ended the call in the ordinary way: nobody was asked for. */
  | 'SELF_SERVED'
  /** The records do not say. */
  | 'UNKNOWN';

/** Why a call came to `NOT_REACHED`, `NOT_SERVED` or `FAILED`. */
export type CallVerdictReason =
  /** The called party was busy. */
  | 'BUSY'
  /** Queuing was cancelled. */
  | 'CANCELLED'
  /** Charging failed. */
  | 'CHARGING'
  /** A number, flow or route is not configured. */
  | 'CONFIGURATION'
  /** A fault. */
  | 'FAULT'
  /** A mailbox answered, or refused to. */
  | 'MAILBOX'
  /** Nobody was on duty. */
  | 'NO_AGENT'
  /** Nobody answered. */
  | 'NO_ANSWER'
  /** The platform had no resource for it. */
  | 'NO_CAPACITY'
  /** The phone was out of the service area. */
  | 'OUT_OF_COVERAGE'
  /** The queue was full or busy. */
  | 'OVERFLOW'
  /** The phone was switched off. */
  | 'POWERED_OFF'
  /** It waited in the queue too long. */
  | 'QUEUE_TIMEOUT'
  /** The called party rejected the call. */
  | 'REJECTED'
  /** A timeout inside the platform. */
  | 'TIMEOUT'
  /** The number does not exist. */
  | 'UNALLOCATED';

/** Who asks, and what they may see. */
export type CallViewer = {
  readonly __typename?: 'CallViewer';
  /** True if anybody may ask here, and nobody signs in. */
  readonly anonymous: Scalars['Boolean']['output'];
  /** The name that log and audit know: `key:dashboard`, `token:alice`, `anonymous`. */
  readonly name: Scalars['String']['output'];
  /** True if phone numbers are shown masked: the scope `numbers` is missing, or showings cannot be audited now. */
  readonly numbersMasked: Scalars['Boolean']['output'];
  /** The virtual call centres whose calls may be asked for: `{ccId}/{vdn}`, with `*` for any of either. */
  readonly vdns: ReadonlyArray<Scalars['String']['output']>;
};

/** What can be done: nothing is changed in the contact centre. */
export type Mutation = {
  readonly __typename?: 'Mutation';
  /**
   * Takes a call out of every cache of every gateway, so that the next question goes to the contact centre.
   * Names the call as `Query.call` does. What was asked before it is not kept after it, whenever it is answered.
   */
  readonly forgetCall: CallForgetResult;
};


/** What can be done: nothing is changed in the contact centre. */
export type MutationForgetCallArgs = {
  callId: Scalars['ID']['input'];
  ccId?: InputMaybe<Scalars['Int']['input']>;
  logDate?: InputMaybe<Scalars['DateTime']['input']>;
  month?: InputMaybe<Scalars['CallMonth']['input']>;
  vdn: Scalars['Int']['input'];
};

/** An object that can be fetched again by its `id`. */
export type Node = {
  /** Opaque and stable. */
  readonly id: Scalars['ID']['output'];
};

/** What can be asked: calls by their ID, and the dictionaries behind their codes. */
export type Query = {
  readonly __typename?: 'Query';
  /**
   * One call. Null if the contact centre knows no such call in that month.
   * The month comes from `logDate` or `month` (not both); with neither, from the time at the head of the call ID.
   */
  readonly call?: Maybe<Call>;
  /** The dictionaries: every code this gateway knows, with its name and meaning, in the order of the tables and codes. */
  readonly callCodes: ReadonlyArray<CallCode>;
  /** What you may still ask, this operation included. Null if this gateway does not count. */
  readonly callRateLimit?: Maybe<CallRateLimit>;
  /**
   * Up to 200 calls, in the order of the keys. A key whose call was not found, or could not be asked for, has a result that
   * says so: no error stands in `errors`, so that clients which drop an answer with errors, or normalise it, lose nothing.
   */
  readonly callResults: ReadonlyArray<CallResult>;
  /** Who you are to this gateway, and what you may see. */
  readonly callViewer: CallViewer;
  /**
   * Up to 200 calls, in the order of the keys. An item is null if its call was not found, and also if it failed, or
   * follows 200 others: then an error stands at its path, and the other items are answered all the same.
   */
  readonly calls: ReadonlyArray<Maybe<Call>>;
  /** Any object by its `id`. Null if there is no such object. */
  readonly node?: Maybe<Node>;
};


/** What can be asked: calls by their ID, and the dictionaries behind their codes. */
export type QueryCallArgs = {
  callId: Scalars['ID']['input'];
  ccId?: InputMaybe<Scalars['Int']['input']>;
  logDate?: InputMaybe<Scalars['DateTime']['input']>;
  month?: InputMaybe<Scalars['CallMonth']['input']>;
  refresh?: InputMaybe<Scalars['Boolean']['input']>;
  vdn: Scalars['Int']['input'];
};


/** What can be asked: calls by their ID, and the dictionaries behind their codes. */
export type QueryCallCodesArgs = {
  table?: InputMaybe<CallCodeTable>;
};


/** What can be asked: calls by their ID, and the dictionaries behind their codes. */
export type QueryCallResultsArgs = {
  keys: ReadonlyArray<CallKeyInput>;
  refresh?: InputMaybe<Scalars['Boolean']['input']>;
};


/** What can be asked: calls by their ID, and the dictionaries behind their codes. */
export type QueryCallsArgs = {
  keys: ReadonlyArray<CallKeyInput>;
  refresh?: InputMaybe<Scalars['Boolean']['input']>;
};


/** What can be asked: calls by their ID, and the dictionaries behind their codes. */
export type QueryNodeArgs = {
  id: Scalars['ID']['input'];
};



export type ResolverTypeWrapper<T> = Promise<T> | T;

export type ReferenceResolver<TResult, TReference, TContext> = (
      reference: TReference,
      context: TContext,
      info: GraphQLResolveInfo
    ) => Promise<TResult> | TResult;

      type ScalarCheck<T, S> = S extends true ? T : NullableCheck<T, S>;
      type NullableCheck<T, S> = Maybe<T> extends T ? Maybe<ListCheck<NonNullable<T>, S>> : ListCheck<T, S>;
      type ListCheck<T, S> = T extends (infer U)[] ? NullableCheck<U, S>[] : GraphQLRecursivePick<T, S>;
      export type GraphQLRecursivePick<T, S> = { [K in keyof T & keyof S]: ScalarCheck<T[K], S[K]> };
    
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

/** Mapping of federation types */
export type FederationTypes = {
  Call: Call;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Call:
    ( { __typename: 'Call' }
    & ( GraphQLRecursivePick<FederationTypes['Call'], {"id":true}>
        | GraphQLRecursivePick<FederationTypes['Call'], {"ccId":true,"vdn":true,"callId":true,"month":true}>
        | GraphQLRecursivePick<FederationTypes['Call'], {"vdn":true,"callId":true}> ) );
};



/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  Call: ResolverTypeWrapper<CallModel>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  CallAbandonment: ResolverTypeWrapper<Abandonment>;
  CallAgentTimes: ResolverTypeWrapper<AgentTimes>;
  CallChineseSource: CallChineseSource;
  CallCode: ResolverTypeWrapper<DictionaryRow>;
  CallCodeConfidence: CallCodeConfidence;
  CallCodeTable: CallCodeTable;
  CallCustomerState: CallCustomerState;
  CallDeviceType: CallDeviceType;
  CallDirection: CallDirection;
  CallEnding: ResolverTypeWrapper<EndingModel>;
  CallEndingWay: CallEndingWay;
  CallEnterReason: CallEnterReason;
  CallErrorCode: CallErrorCode;
  CallEvidence: ResolverTypeWrapper<Evidence>;
  CallFinding: ResolverTypeWrapper<Finding>;
  CallFindingCode: CallFindingCode;
  CallFindingSeverity: CallFindingSeverity;
  CallForgetProblem: CallForgetProblem;
  CallForgetResult: ResolverTypeWrapper<CallForgetResult>;
  CallFreshness: ResolverTypeWrapper<CallTrace>;
  CallFreshnessSource: CallFreshnessSource;
  CallHold: ResolverTypeWrapper<Hold>;
  CallHoldEnd: CallHoldEnd;
  CallKeyInput: CallKeyInput;
  CallLanguage: CallLanguage;
  CallLeaveReason: CallLeaveReason;
  CallLeg: ResolverTypeWrapper<CallLegModel>;
  CallLegLink: ResolverTypeWrapper<LegLink>;
  CallLinkKind: CallLinkKind;
  CallMediaType: CallMediaType;
  CallMonth: ResolverTypeWrapper<Scalars['CallMonth']['output']>;
  CallNarrative: ResolverTypeWrapper<Narrative>;
  CallNotFound: ResolverTypeWrapper<CallTrace>;
  CallParticipant: ResolverTypeWrapper<Participant>;
  CallParticipantResult: CallParticipantResult;
  CallParticipantRole: CallParticipantRole;
  CallParty: CallParty;
  CallPhase: CallPhase;
  CallProblem: ResolverTypeWrapper<Problem>;
  CallRateLimit: ResolverTypeWrapper<CallRateLimit>;
  CallReleaseCause: CallReleaseCause;
  CallResult: ResolverTypeWrapper<CallResultModel>;
  CallSentence: ResolverTypeWrapper<Sentence>;
  CallSubMediaType: CallSubMediaType;
  CallTextForm: CallTextForm;
  CallTimelinePiece: ResolverTypeWrapper<TimelinePiece>;
  CallTotals: ResolverTypeWrapper<TotalsModel>;
  CallTransfer: ResolverTypeWrapper<Transfer>;
  CallTransferKind: CallTransferKind;
  CallType: CallType;
  CallVerdict: CallVerdict;
  CallVerdictReason: CallVerdictReason;
  CallViewer: ResolverTypeWrapper<CallViewer>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Node: ResolverTypeWrapper<CallModel>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  Call: CallModel;
  String: Scalars['String']['output'];
  Int: Scalars['Int']['output'];
  ID: Scalars['ID']['output'];
  CallAbandonment: Abandonment;
  CallAgentTimes: AgentTimes;
  CallCode: DictionaryRow;
  CallEnding: EndingModel;
  CallEvidence: Evidence;
  CallFinding: Finding;
  CallForgetResult: CallForgetResult;
  CallFreshness: CallTrace;
  CallHold: Hold;
  CallKeyInput: CallKeyInput;
  CallLeg: CallLegModel;
  CallLegLink: LegLink;
  CallMonth: Scalars['CallMonth']['output'];
  CallNarrative: Narrative;
  CallNotFound: CallTrace;
  CallParticipant: Participant;
  CallProblem: Problem;
  CallRateLimit: CallRateLimit;
  CallResult: CallResultModel;
  CallSentence: Sentence;
  CallTimelinePiece: TimelinePiece;
  CallTotals: TotalsModel;
  CallTransfer: Transfer;
  CallViewer: CallViewer;
  DateTime: Scalars['DateTime']['output'];
  Mutation: Record<PropertyKey, never>;
  Node: CallModel;
  Query: Record<PropertyKey, never>;
  Boolean: Scalars['Boolean']['output'];
};

export type PersonalDirectiveArgs = {
  ifNumber?: Maybe<Scalars['Boolean']['input']>;
};

export type PersonalDirectiveResolver<Result, Parent, ContextType = GraphContext, Args = PersonalDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type CallResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Call'] = ResolversParentTypes['Call'], FederationReferenceType extends FederationReferenceTypes['Call'] = FederationReferenceTypes['Call']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Call']> | FederationReferenceType, FederationReferenceType, ContextType>;
  abandoned?: Resolver<Maybe<ResolversTypes['CallAbandonment']>, ParentType, ContextType>;
  answered?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  answeredAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  answeredBy?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  answeredLeg?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  callId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  callType?: Resolver<Maybe<ResolversTypes['CallType']>, ParentType, ContextType>;
  callTypeCode?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  callback?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  calleeNo?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  calleeNoHash?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  callerNo?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  callerNoHash?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  ccId?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  complete?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  conference?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  confidence?: Resolver<ResolversTypes['CallCodeConfidence'], ParentType, ContextType>;
  customerReached?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  direction?: Resolver<Maybe<ResolversTypes['CallDirection']>, ParentType, ContextType>;
  durationMs?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  endedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  endedBy?: Resolver<Maybe<ResolversTypes['CallParty']>, ParentType, ContextType>;
  ending?: Resolver<Maybe<ResolversTypes['CallEnding']>, ParentType, ContextType>;
  evidence?: Resolver<ReadonlyArray<ResolversTypes['CallEvidence']>, ParentType, ContextType>;
  findings?: Resolver<ReadonlyArray<ResolversTypes['CallFinding']>, ParentType, ContextType>;
  freshness?: Resolver<ResolversTypes['CallFreshness'], ParentType, ContextType>;
  holds?: Resolver<ReadonlyArray<ResolversTypes['CallHold']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  leg?: Resolver<Maybe<ResolversTypes['CallLeg']>, ParentType, ContextType, RequireFields<CallLegArgs, 'position'>>;
  legs?: Resolver<ReadonlyArray<ResolversTypes['CallLeg']>, ParentType, ContextType>;
  links?: Resolver<ReadonlyArray<ResolversTypes['CallLegLink']>, ParentType, ContextType>;
  mediaType?: Resolver<Maybe<ResolversTypes['CallMediaType']>, ParentType, ContextType>;
  mediaTypeCode?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  month?: Resolver<ResolversTypes['CallMonth'], ParentType, ContextType>;
  narrative?: Resolver<ResolversTypes['CallNarrative'], ParentType, ContextType, RequireFields<CallNarrativeArgs, 'language' | 'timeZone'>>;
  overflowed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  participants?: Resolver<ReadonlyArray<ResolversTypes['CallParticipant']>, ParentType, ContextType>;
  phaseNow?: Resolver<Maybe<ResolversTypes['CallPhase']>, ParentType, ContextType>;
  releaseCause?: Resolver<Maybe<ResolversTypes['CallReleaseCause']>, ParentType, ContextType>;
  releaseCauseCode?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  startedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  subMediaType?: Resolver<Maybe<ResolversTypes['CallSubMediaType']>, ParentType, ContextType>;
  subMediaTypeCode?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  text?: Resolver<ResolversTypes['String'], ParentType, ContextType, RequireFields<CallTextArgs, 'as' | 'language' | 'timeZone'>>;
  timeToAnswerMs?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  timeline?: Resolver<ReadonlyArray<ResolversTypes['CallTimelinePiece']>, ParentType, ContextType>;
  totals?: Resolver<ResolversTypes['CallTotals'], ParentType, ContextType>;
  transfers?: Resolver<ReadonlyArray<ResolversTypes['CallTransfer']>, ParentType, ContextType>;
  vdn?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  verdict?: Resolver<ResolversTypes['CallVerdict'], ParentType, ContextType>;
  verdictReason?: Resolver<Maybe<ResolversTypes['CallVerdictReason']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type CallAbandonmentResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['CallAbandonment'] = ResolversParentTypes['CallAbandonment']> = {
  afterAnswer?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  phase?: Resolver<ResolversTypes['CallPhase'], ParentType, ContextType>;
  waitedMs?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type CallAgentTimesResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['CallAgentTimes'] = ResolversParentTypes['CallAgentTimes']> = {
  conferenceMs?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  consultMs?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  holdMs?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  ringMs?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  talkMs?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type CallCodeResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['CallCode'] = ResolversParentTypes['CallCode']> = {
  chineseFrom?: Resolver<ResolversTypes['CallChineseSource'], ParentType, ContextType>;
  code?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  confidence?: Resolver<ResolversTypes['CallCodeConfidence'], ParentType, ContextType>;
  meaning?: Resolver<ResolversTypes['String'], ParentType, ContextType, RequireFields<CallCodeMeaningArgs, 'language'>>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  source?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  table?: Resolver<ResolversTypes['CallCodeTable'], ParentType, ContextType>;
  wireCode?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type CallEndingResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['CallEnding'] = ResolversParentTypes['CallEnding']> = {
  agentId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  at?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  confidence?: Resolver<ResolversTypes['CallCodeConfidence'], ParentType, ContextType>;
  evidence?: Resolver<ReadonlyArray<ResolversTypes['CallEvidence']>, ParentType, ContextType>;
  how?: Resolver<ResolversTypes['CallEndingWay'], ParentType, ContextType>;
  party?: Resolver<ResolversTypes['CallParty'], ParentType, ContextType>;
  phase?: Resolver<ResolversTypes['CallPhase'], ParentType, ContextType>;
};

export type CallEvidenceResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['CallEvidence'] = ResolversParentTypes['CallEvidence']> = {
  code?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  confidence?: Resolver<ResolversTypes['CallCodeConfidence'], ParentType, ContextType>;
  field?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  leg?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  says?: Resolver<ResolversTypes['String'], ParentType, ContextType, RequireFields<CallEvidenceSaysArgs, 'language'>>;
  value?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type CallFindingResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['CallFinding'] = ResolversParentTypes['CallFinding']> = {
  code?: Resolver<ResolversTypes['CallFindingCode'], ParentType, ContextType>;
  count?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  field?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  legs?: Resolver<ReadonlyArray<ResolversTypes['Int']>, ParentType, ContextType>;
  ms?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  numbers?: Resolver<ReadonlyArray<ResolversTypes['Int']>, ParentType, ContextType>;
  sentence?: Resolver<ResolversTypes['String'], ParentType, ContextType, RequireFields<CallFindingSentenceArgs, 'language'>>;
  severity?: Resolver<ResolversTypes['CallFindingSeverity'], ParentType, ContextType>;
  value?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type CallForgetResultResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['CallForgetResult'] = ResolversParentTypes['CallForgetResult']> = {
  forgotten?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  problem?: Resolver<Maybe<ResolversTypes['CallForgetProblem']>, ParentType, ContextType>;
};

export type CallFreshnessResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['CallFreshness'] = ResolversParentTypes['CallFreshness']> = {
  ageMs?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  askedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  final?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  freshUntil?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  source?: Resolver<ResolversTypes['CallFreshnessSource'], ParentType, ContextType>;
  stale?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type CallHoldResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['CallHold'] = ResolversParentTypes['CallHold']> = {
  by?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  consultations?: Resolver<ReadonlyArray<ResolversTypes['Int']>, ParentType, ContextType>;
  end?: Resolver<ResolversTypes['CallHoldEnd'], ParentType, ContextType>;
  endedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  from?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  startedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  to?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type CallLegResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['CallLeg'] = ResolversParentTypes['CallLeg']> = {
  ackBegin?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  callBegin?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  callEnd?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  callIdNum?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  callType?: Resolver<Maybe<ResolversTypes['CallType']>, ParentType, ContextType>;
  callTypeCode?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  calleeNo?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  calleeNoHash?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  callerNo?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  callerNoHash?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  connectedMs?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  currentSkillId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  deviceIn?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  deviceNo?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  deviceType?: Resolver<Maybe<ResolversTypes['CallDeviceType']>, ParentType, ContextType>;
  deviceTypeCode?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  durationMs?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  endedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  enterReason?: Resolver<Maybe<ResolversTypes['CallEnterReason']>, ParentType, ContextType>;
  enterReasonCode?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  isLast?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  leaveReason?: Resolver<Maybe<ResolversTypes['CallLeaveReason']>, ParentType, ContextType>;
  leaveReasonCode?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  mediaType?: Resolver<Maybe<ResolversTypes['CallMediaType']>, ParentType, ContextType>;
  mediaTypeCode?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  position?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  releaseCause?: Resolver<Maybe<ResolversTypes['CallReleaseCause']>, ParentType, ContextType>;
  releaseCauseCode?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  ringingMs?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  startedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  subCcNo?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  subMediaType?: Resolver<Maybe<ResolversTypes['CallSubMediaType']>, ParentType, ContextType>;
  subMediaTypeCode?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  waitBegin?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  waitingMs?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type CallLegLinkResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['CallLegLink'] = ResolversParentTypes['CallLegLink']> = {
  confidence?: Resolver<ResolversTypes['CallCodeConfidence'], ParentType, ContextType>;
  evidence?: Resolver<ReadonlyArray<ResolversTypes['CallEvidence']>, ParentType, ContextType>;
  from?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['CallLinkKind'], ParentType, ContextType>;
  to?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export interface CallMonthScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['CallMonth'], any> {
  name: 'CallMonth';
}

export type CallNarrativeResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['CallNarrative'] = ResolversParentTypes['CallNarrative']> = {
  headline?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  sentences?: Resolver<ReadonlyArray<ResolversTypes['CallSentence']>, ParentType, ContextType>;
};

export type CallNotFoundResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['CallNotFound'] = ResolversParentTypes['CallNotFound']> = {
  callId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  ccId?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  freshness?: Resolver<ResolversTypes['CallFreshness'], ParentType, ContextType>;
  month?: Resolver<ResolversTypes['CallMonth'], ParentType, ContextType>;
  vdn?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type CallParticipantResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['CallParticipant'] = ResolversParentTypes['CallParticipant']> = {
  deviceId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  legs?: Resolver<ReadonlyArray<ResolversTypes['Int']>, ParentType, ContextType>;
  result?: Resolver<ResolversTypes['CallParticipantResult'], ParentType, ContextType>;
  role?: Resolver<ResolversTypes['CallParticipantRole'], ParentType, ContextType>;
  times?: Resolver<Maybe<ResolversTypes['CallAgentTimes']>, ParentType, ContextType>;
};

export type CallProblemResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['CallProblem'] = ResolversParentTypes['CallProblem']> = {
  callId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  ccId?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  code?: Resolver<ResolversTypes['CallErrorCode'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  requestId?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  retryAfterMs?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  retryable?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  vdn?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type CallRateLimitResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['CallRateLimit'] = ResolversParentTypes['CallRateLimit']> = {
  cost?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  limit?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  remaining?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  resetAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type CallResultResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['CallResult'] = ResolversParentTypes['CallResult']> = {
  __resolveType: TypeResolveFn<'Call' | 'CallNotFound' | 'CallProblem', ParentType, ContextType>;
};

export type CallSentenceResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['CallSentence'] = ResolversParentTypes['CallSentence']> = {
  legs?: Resolver<ReadonlyArray<ResolversTypes['Int']>, ParentType, ContextType>;
  text?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type CallTimelinePieceResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['CallTimelinePiece'] = ResolversParentTypes['CallTimelinePiece']> = {
  durationMs?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  from?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  legs?: Resolver<ReadonlyArray<ResolversTypes['Int']>, ParentType, ContextType>;
  state?: Resolver<ResolversTypes['CallCustomerState'], ParentType, ContextType>;
  to?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type CallTotalsResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['CallTotals'] = ResolversParentTypes['CallTotals']> = {
  conferenceMs?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  durationMs?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  holdMs?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  ivrMs?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  outsideMs?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  queueMs?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  ringingMs?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  routingMs?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  talkingMs?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  unaccountedMs?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type CallTransferResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['CallTransfer'] = ResolversParentTypes['CallTransfer']> = {
  answeredBy?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  by?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  completed?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  confidence?: Resolver<ResolversTypes['CallCodeConfidence'], ParentType, ContextType>;
  evidence?: Resolver<ReadonlyArray<ResolversTypes['CallEvidence']>, ParentType, ContextType>;
  from?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['CallTransferKind'], ParentType, ContextType>;
  to?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type CallViewerResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['CallViewer'] = ResolversParentTypes['CallViewer']> = {
  anonymous?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  numbersMasked?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  vdns?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type MutationResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  forgetCall?: Resolver<ResolversTypes['CallForgetResult'], ParentType, ContextType, RequireFields<MutationForgetCallArgs, 'callId' | 'vdn'>>;
};

export type NodeResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Node'] = ResolversParentTypes['Node']> = {
  __resolveType: TypeResolveFn<'Call', ParentType, ContextType>;
};

export type QueryResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  call?: Resolver<Maybe<ResolversTypes['Call']>, ParentType, ContextType, RequireFields<QueryCallArgs, 'callId' | 'refresh' | 'vdn'>>;
  callCodes?: Resolver<ReadonlyArray<ResolversTypes['CallCode']>, ParentType, ContextType, Partial<QueryCallCodesArgs>>;
  callRateLimit?: Resolver<Maybe<ResolversTypes['CallRateLimit']>, ParentType, ContextType>;
  callResults?: Resolver<ReadonlyArray<ResolversTypes['CallResult']>, ParentType, ContextType, RequireFields<QueryCallResultsArgs, 'keys' | 'refresh'>>;
  callViewer?: Resolver<ResolversTypes['CallViewer'], ParentType, ContextType>;
  calls?: Resolver<ReadonlyArray<Maybe<ResolversTypes['Call']>>, ParentType, ContextType, RequireFields<QueryCallsArgs, 'keys' | 'refresh'>>;
  node?: Resolver<Maybe<ResolversTypes['Node']>, ParentType, ContextType, RequireFields<QueryNodeArgs, 'id'>>;
};

export type Resolvers<ContextType = GraphContext> = {
  Call?: CallResolvers<ContextType>;
  CallAbandonment?: CallAbandonmentResolvers<ContextType>;
  CallAgentTimes?: CallAgentTimesResolvers<ContextType>;
  CallCode?: CallCodeResolvers<ContextType>;
  CallEnding?: CallEndingResolvers<ContextType>;
  CallEvidence?: CallEvidenceResolvers<ContextType>;
  CallFinding?: CallFindingResolvers<ContextType>;
  CallForgetResult?: CallForgetResultResolvers<ContextType>;
  CallFreshness?: CallFreshnessResolvers<ContextType>;
  CallHold?: CallHoldResolvers<ContextType>;
  CallLeg?: CallLegResolvers<ContextType>;
  CallLegLink?: CallLegLinkResolvers<ContextType>;
  CallMonth?: GraphQLScalarType;
  CallNarrative?: CallNarrativeResolvers<ContextType>;
  CallNotFound?: CallNotFoundResolvers<ContextType>;
  CallParticipant?: CallParticipantResolvers<ContextType>;
  CallProblem?: CallProblemResolvers<ContextType>;
  CallRateLimit?: CallRateLimitResolvers<ContextType>;
  CallResult?: CallResultResolvers<ContextType>;
  CallSentence?: CallSentenceResolvers<ContextType>;
  CallTimelinePiece?: CallTimelinePieceResolvers<ContextType>;
  CallTotals?: CallTotalsResolvers<ContextType>;
  CallTransfer?: CallTransferResolvers<ContextType>;
  CallViewer?: CallViewerResolvers<ContextType>;
  DateTime?: GraphQLScalarType;
  Mutation?: MutationResolvers<ContextType>;
  Node?: NodeResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
};

export type DirectiveResolvers<ContextType = GraphContext> = {
  personal?: PersonalDirectiveResolver<any, any, ContextType>;
};
