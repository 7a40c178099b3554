/* Written by graphql-codegen from client/documents/ and schema/; run `npm run codegen` after a change there. */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { CallTraceDocument } from './document.js';
/** How surely a meaning is known. */
export type CallCodeConfidence =
  /** From an official table of this interface. */
  | 'HIGH'
  /** From the table of another interface with the same numbers, or one unclear source. */
  | 'LOW'
  /** From a list or a program that agrees with one, or a neighbouring official table. */
  | 'MEDIUM'
  | '%future added value';

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
  | 'SUB_MEDIA_TYPE'
  | '%future added value';

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
  | 'VIRTUAL_DEVICE'
  | '%future added value';

/** Which way a call went, seen from the contact centre. */
export type CallDirection =
  /** Towards the contact centre. */
  | 'INBOUND'
  /** Within the contact centre. */
  | 'INTERNAL'
  /** From the contact centre. */
  | 'OUTBOUND'
  /** The call type is one that this gateway does not know. */
  | 'UNKNOWN'
  | '%future added value';

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
  | 'UNKNOWN'
  | '%future added value';

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
  | 'USER_RELEASED'
  | '%future added value';

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
  | 'VALUES_NOT_READ'
  | '%future added value';

/** How bad a finding is. */
export type CallFindingSeverity =
  /** Worth to know. */
  | 'INFO'
  /** What is derived may be wrong. */
  | 'WARNING'
  | '%future added value';

/** Where an answer can come from. */
export type CallFreshnessSource =
  /** The cache in this gateway's memory. */
  | 'MEMORY'
  /** The cache that all gateways share. */
  | 'SHARED_CACHE'
  /** The contact centre, just now. */
  | 'UPSTREAM'
  | '%future added value';

/** Names one call. The arguments of `Query.call` in one object. */
export type CallKeyInput = {
  /** Call ID as the contact centre writes it: 1 to 64 printable ASCII characters, as a rule `{epoch}-{number}`. */
  readonly callId: string;
  /** Call centre. Range: 1 to 65535. Left out: the one this gateway is configured for. */
  readonly ccId?: number | null | undefined;
  /** Any instant of the month in which the call was logged. Not together with `month`. */
  readonly logDate?: string | number | null | undefined;
  /** The month in which the call was logged. Not together with `logDate`. */
  readonly month?: string | null | undefined;
  /** Virtual call centre that took the call. Range: 1 to 5000. */
  readonly vdn: number;
};

/** The languages in which calls and codes are told. */
export type CallLanguage =
  /** English. */
  | 'EN'
  /** Chinese, in simplified characters. */
  | 'ZH'
  | '%future added value';

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
  | 'USER_RELEASED'
  | '%future added value';

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
  | 'WHITEBOARD'
  | '%future added value';

/** Who can end a call. */
export type CallParty =
  /** An agent hung up, cancelled or rejected. */
  | 'AGENT'
  /** The customer hung up or gave up. */
  | 'CUSTOMER'
  /** A flow, a queue's rule, a timeout or a fault ended it. */
  | 'SYSTEM'
  /** The codes of the final record name nobody. */
  | 'UNKNOWN'
  | '%future added value';

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
  | 'UNKNOWN'
  | '%future added value';

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
  | 'VSPCOMM_UNAVAILABLE'
  | '%future added value';

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
  | 'UNKNOWN'
  | '%future added value';

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
  | 'VMS_PAGER_NOTIFICATION'
  | '%future added value';

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
  | 'UNKNOWN'
  | '%future added value';

export type CallOverviewFragment = { readonly id: string, readonly ccId: number, readonly vdn: number, readonly callId: string, readonly month: string, readonly complete: boolean, readonly direction: CallDirection | null, readonly mediaType: CallMediaType | null, readonly callType: CallType | null, readonly startedAt: string | null, readonly endedAt: string | null, readonly durationMs: number | null, readonly verdict: CallVerdict, readonly confidence: CallCodeConfidence, readonly answered: boolean, readonly answeredBy: string | null, readonly timeToAnswerMs: number | null, readonly endedBy: CallParty | null, readonly releaseCause: CallReleaseCause | null, readonly releaseCauseCode: number | null, readonly totals: { readonly ivrMs: number, readonly queueMs: number, readonly ringingMs: number, readonly talkingMs: number, readonly holdMs: number }, readonly findings: ReadonlyArray<{ readonly code: CallFindingCode, readonly severity: CallFindingSeverity, readonly legs: ReadonlyArray<number> }>, readonly freshness: { readonly source: CallFreshnessSource, readonly askedAt: string, readonly ageMs: number, readonly stale: boolean, readonly final: boolean, readonly freshUntil: string } };

export type CallQueryVariables = Exact<{
  vdn: number;
  callId: string;
  logDate?: string | number | null | undefined;
  month?: string | null | undefined;
  ccId?: number | null | undefined;
  refresh: boolean;
  language: CallLanguage;
  timeZone: string;
}>;


export type CallQuery = { readonly call: { readonly id: string, readonly ccId: number, readonly vdn: number, readonly callId: string, readonly month: string, readonly complete: boolean, readonly direction: CallDirection | null, readonly mediaType: CallMediaType | null, readonly callType: CallType | null, readonly startedAt: string | null, readonly endedAt: string | null, readonly durationMs: number | null, readonly verdict: CallVerdict, readonly confidence: CallCodeConfidence, readonly answered: boolean, readonly answeredBy: string | null, readonly timeToAnswerMs: number | null, readonly endedBy: CallParty | null, readonly releaseCause: CallReleaseCause | null, readonly releaseCauseCode: number | null, readonly narrative: { readonly headline: string, readonly sentences: ReadonlyArray<{ readonly text: string, readonly legs: ReadonlyArray<number> }> }, readonly ending: { readonly party: CallParty, readonly agentId: string | null, readonly phase: CallPhase, readonly how: CallEndingWay, readonly at: string | null } | null, readonly transfers: ReadonlyArray<{ readonly kind: CallTransferKind, readonly by: string | null, readonly from: number, readonly to: number | null, readonly completed: boolean | null, readonly answeredBy: string | null }>, readonly legs: ReadonlyArray<{ readonly id: string, readonly position: number, readonly isLast: boolean, readonly deviceType: CallDeviceType | null, readonly deviceNo: string | null, readonly currentSkillId: string | null, readonly enterReason: CallEnterReason | null, readonly enterReasonCode: number | null, readonly leaveReason: CallLeaveReason | null, readonly leaveReasonCode: number | null, readonly startedAt: string | null, readonly endedAt: string | null, readonly waitingMs: number | null, readonly ringingMs: number | null, readonly connectedMs: number | null, readonly durationMs: number | null }>, readonly totals: { readonly ivrMs: number, readonly queueMs: number, readonly ringingMs: number, readonly talkingMs: number, readonly holdMs: number }, readonly findings: ReadonlyArray<{ readonly code: CallFindingCode, readonly severity: CallFindingSeverity, readonly legs: ReadonlyArray<number> }>, readonly freshness: { readonly source: CallFreshnessSource, readonly askedAt: string, readonly ageMs: number, readonly stale: boolean, readonly final: boolean, readonly freshUntil: string } } | null };

export type CallsQueryVariables = Exact<{
  keys: ReadonlyArray<CallKeyInput> | CallKeyInput;
  refresh: boolean;
}>;


export type CallsQuery = { readonly calls: ReadonlyArray<{ readonly id: string, readonly ccId: number, readonly vdn: number, readonly callId: string, readonly month: string, readonly complete: boolean, readonly direction: CallDirection | null, readonly mediaType: CallMediaType | null, readonly callType: CallType | null, readonly startedAt: string | null, readonly endedAt: string | null, readonly durationMs: number | null, readonly verdict: CallVerdict, readonly confidence: CallCodeConfidence, readonly answered: boolean, readonly answeredBy: string | null, readonly timeToAnswerMs: number | null, readonly endedBy: CallParty | null, readonly releaseCause: CallReleaseCause | null, readonly releaseCauseCode: number | null, readonly totals: { readonly ivrMs: number, readonly queueMs: number, readonly ringingMs: number, readonly talkingMs: number, readonly holdMs: number }, readonly findings: ReadonlyArray<{ readonly code: CallFindingCode, readonly severity: CallFindingSeverity, readonly legs: ReadonlyArray<number> }>, readonly freshness: { readonly source: CallFreshnessSource, readonly askedAt: string, readonly ageMs: number, readonly stale: boolean, readonly final: boolean, readonly freshUntil: string } } | null> };

export type CallCodesQueryVariables = Exact<{
  table?: CallCodeTable | null | undefined;
  language: CallLanguage;
}>;


export type CallCodesQuery = { readonly callCodes: ReadonlyArray<{ readonly table: CallCodeTable, readonly code: number, readonly name: string, readonly meaning: string, readonly confidence: CallCodeConfidence, readonly source: string }> };

/** The operation `Call`. */
export const callDocument: CallTraceDocument<CallQuery, CallQueryVariables> = {
  id: 'sha256:8891fc0bcd00599700a3d92f5bb42e60d1baa93c75a3c8085aaf30ff9bf4ef14',
  text: "query Call($vdn:Int!$callId:ID!$logDate:DateTime$month:CallMonth$ccId:Int$refresh:Boolean!$language:CallLanguage!$timeZone:String!){call(vdn:$vdn callId:$callId logDate:$logDate month:$month ccId:$ccId refresh:$refresh){...CallOverview narrative(language:$language timeZone:$timeZone){headline sentences{text legs}}ending{party agentId phase how at}transfers{kind by from to completed answeredBy}legs{id position isLast deviceType deviceNo currentSkillId enterReason enterReasonCode leaveReason leaveReasonCode startedAt endedAt waitingMs ringingMs connectedMs durationMs}}}fragment CallOverview on Call{id ccId vdn callId month complete direction mediaType callType startedAt endedAt durationMs verdict confidence answered answeredBy timeToAnswerMs endedBy releaseCause releaseCauseCode totals{ivrMs queueMs ringingMs talkingMs holdMs}findings{code severity legs}freshness{source askedAt ageMs stale final freshUntil}}",
};

/** The operation `Calls`. */
export const callsDocument: CallTraceDocument<CallsQuery, CallsQueryVariables> = {
  id: 'sha256:859418b818f385eb4f4f2d27af9925d8d4fa34a1f5718ebc3d280071b271f1e8',
  text: "query Calls($keys:[CallKeyInput!]!$refresh:Boolean!){calls(keys:$keys refresh:$refresh){...CallOverview}}fragment CallOverview on Call{id ccId vdn callId month complete direction mediaType callType startedAt endedAt durationMs verdict confidence answered answeredBy timeToAnswerMs endedBy releaseCause releaseCauseCode totals{ivrMs queueMs ringingMs talkingMs holdMs}findings{code severity legs}freshness{source askedAt ageMs stale final freshUntil}}",
};

/** The operation `CallCodes`. */
export const callCodesDocument: CallTraceDocument<CallCodesQuery, CallCodesQueryVariables> = {
  id: 'sha256:cfb0ed226d59cebd6977a3fc5df1bbeff1937ac7a2929666e8bd71d05907a73d',
  text: "query CallCodes($table:CallCodeTable$language:CallLanguage!){callCodes(table:$table){table code name meaning(language:$language)confidence source}}",
};

/** The codes of errors that a gateway of this version knows. Later ones may have more. */
export const CALL_ERROR_CODES = [
  'AUTHENTICATION_UNAVAILABLE',
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'DOCUMENT_NOT_TRUSTED',
  'FORBIDDEN',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'INTERNAL_SERVER_ERROR',
  'OPERATION_RESOLUTION_FAILURE',
  'OPERATION_TOO_COMPLEX',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'RATE_LIMITED',
  'UNAUTHENTICATED',
  'UPSTREAM_AUTH_FAILED',
  'UPSTREAM_MALFORMED',
  'UPSTREAM_OVERLOADED',
  'UPSTREAM_REJECTED',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_UNAVAILABLE',
] as const;