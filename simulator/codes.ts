/** Media types that the scenarios use (field `mediaType`). */
export const MEDIA_TYPE = { VOICE: 5, PREVIEW_OUTBOUND: 16, SOCIAL: 53 } as const;

/** Device types that the scenarios use (field `deviceType`). */
export const DEVICE_TYPE = { SKILL_QUEUE: 1, AGENT: 2, IVR: 3, PLATFORM_CALL: 5, CONFERENCE: 15 } as const;

/** Call types that the scenarios use (field `callType`). */
export const CALL_TYPE = { INBOUND: 0, OUTBOUND_PREVIEW: 44, INTERNAL_CONSULTATION: 51 } as const;

/** Reasons why a call comes to a device or leaves it; the documents have one table for both directions. */
export const REASON = {
  NORMAL: 0,
  OVERFLOW: 1,
  AGENT_NO_ANSWER: 5,
  HELD_CALL_CONNECTED: 7,
  THREE_PARTY_HELP: 8,
  THREE_PARTY_CONVERSATION: 10,
  HELP_REQUESTER_RELEASED: 11,
  CUSTOMER_RELEASED: 15,
  AGENT_RELEASED: 16,
  TRANSFERRED_OUT: 17,
  HELD: 18,
  HUNG_UP_BEFORE_ANSWER: 89,
} as const;

/** Causes why the whole call ended; they mean something in the final record only. */
export const RELEASE_CAUSE = {
  NORMAL_CLEARING: 0,
  CUSTOMER_HUNG_UP: 531,
  HUNG_UP_WHILE_QUEUING: 701,
  AGENT_HUNG_UP: 1281,
} as const;

/** Result codes of the interface: seven characters, a text because of the leading zero. */
export const RESULT_CODE = { SUCCESS: '0100000', INVALID_PARAMETER: '0100002' } as const;
