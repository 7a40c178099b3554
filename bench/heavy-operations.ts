import { LEGS_ON_REQUEST } from '../simulator/scenarios.js';

/** An operation that holds the event loop long, or would without limits. */
export interface HeavyOperation {
  /** What is heavy in it. */
  readonly name: string;
  readonly document: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

const VDN = 170;
/** 2023-11-14T22:13:20Z: over for long, far from the ends of its month. Unit: seconds since 1970-01-01 UTC. */
const FIRST_START = 1_700_000_000;

/** Every field of a leg. */
export const LEG_FIELDS = `callIdNum position isLast mediaType mediaTypeCode subMediaType subMediaTypeCode deviceType
  deviceTypeCode deviceNo deviceIn callType callTypeCode enterReason enterReasonCode leaveReason leaveReasonCode releaseCause
  releaseCauseCode callerNo calleeNo callerNoHash calleeNoHash subCcNo currentSkillId waitBegin ackBegin callBegin callEnd
  waitingMs ringingMs connectedMs durationMs`;
/** Every field of a call but its legs. */
export const CALL_FIELDS = `id ccId vdn callId month complete callerNo calleeNo callerNoHash calleeNoHash mediaType
  mediaTypeCode subMediaType subMediaTypeCode callType callTypeCode direction releaseCause releaseCauseCode endedBy startedAt
  endedAt durationMs freshness { source askedAt ageMs stale final }`;

/** Keys of so many calls, each of so many legs (an even number). */
export function keysOfCalls(calls: number, legs: number): { readonly vdn: number; readonly callId: string }[] {
  return Array.from({ length: calls }, (_, n) => ({
    vdn: VDN,
    callId: `${FIRST_START + n}-${LEGS_ON_REQUEST + legs}`,
  }));
}

/** So many items with a space between them. */
export function times(count: number, item: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => item(index)).join(' ');
}

const references = (calls: number, legs: number): object[] =>
  keysOfCalls(calls, legs).map((key) => ({ __typename: 'Call', ccId: 1, month: '2023-11', ...key }));
const ALL = `{ ${CALL_FIELDS} legs { ${LEG_FIELDS} } }`;
const CALLS = 'query ($keys: [CallKeyInput!]!)';

/** The heaviest operations that have been found, by hand and by the search in test/graphql/limits/cost.property.test.ts. */
export const HEAVY_OPERATIONS: readonly HeavyOperation[] = [
  operation('200 calls of 400 legs, all fields', `${CALLS} { calls(keys: $keys) ${ALL} }`, {
    keys: keysOfCalls(200, 400),
  }),
  operation('200 calls of 10 legs, all fields', `${CALLS} { calls(keys: $keys) ${ALL} }`, {
    keys: keysOfCalls(200, 10),
  }),
  operation('25 calls of 40 legs, all fields', `${CALLS} { calls(keys: $keys) ${ALL} }`, { keys: keysOfCalls(25, 40) }),
  operation(
    '5 lists of 200 calls, 43 aliases of a hash',
    `${CALLS} { ${times(5, (n) => `l${n}: calls(keys: $keys) { ...F }`)} }
     fragment F on Call { ${times(43, (n) => `h${n}: callerNoHash`)} }`,
    { keys: keysOfCalls(200, 10) },
  ),
  operation(
    'one call of 2,000 legs, 40 aliases of a hash in each',
    `{ call(vdn: ${VDN}, callId: "${FIRST_START}-${LEGS_ON_REQUEST + 2_000}") { legs { ${times(40, (n) => `h${n}: callerNoHash`)} } } }`,
  ),
  operation(
    'one call of 10,000 legs, under 9 names',
    `{ ${times(9, (n) => `c${n}: call(vdn: ${VDN}, callId: "${FIRST_START}-${LEGS_ON_REQUEST + 9_998}") { durationMs legs { callIdNum } }`)} }`,
  ),
  operation(
    'one call of 20,000 legs, which is refused',
    `{ call(vdn: ${VDN}, callId: "${FIRST_START}-${LEGS_ON_REQUEST + 20_000}") { durationMs } }`,
  ),
  operation(
    'one call of 10,000 legs, whether it is final 600 times',
    `{ call(vdn: ${VDN}, callId: "${FIRST_START}-${LEGS_ON_REQUEST + 9_998}") { ${times(24, (n) => `f${n}: freshness { ...F }`)} } }
     fragment F on CallFreshness { ${times(25, (n) => `x${n}: final`)} }`,
  ),
  operation(
    '900 entities, small',
    'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Call { callId complete endedBy durationMs } } }',
    { representations: references(900, 4) },
  ),
  operation(
    '200 entities of 400 legs',
    `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Call ${ALL} } }`,
    { representations: references(200, 400) },
  ),
  operation('1,000 keys that are wrong', `${CALLS} { ${times(5, (n) => `l${n}: calls(keys: $keys) { id }`)} }`, {
    keys: Array.from({ length: 200 }, () => ({ vdn: 0, callId: 'x' })),
  }),
  operation('1,000 keys with a date', `${CALLS} { ${times(5, (n) => `l${n}: calls(keys: $keys) { id }`)} }`, {
    keys: keysOfCalls(200, 4).map((key) => ({ ...key, logDate: '2023-11-14T22:13:20+01:00' })),
  }),
  operation(
    'dictionaries under 25 names, with 25 names of a text',
    `{ ${times(25, (n) => `d${n}: callCodes(table: RELEASE_CAUSE) { ...F }`)} } fragment F on CallCode { ${times(25, (n) => `x${n}: meaning`)} }`,
  ),
  operation('a key with 12,000 fields that no key has', `${CALLS} { calls(keys: $keys) { vdn } }`, {
    keys: [unknownFields(12_000)],
  }),
  operation('60 keys with 200 such fields each', `${CALLS} { calls(keys: $keys) { vdn } }`, {
    keys: Array.from({ length: 60 }, () => unknownFields(200)),
  }),
  operation('200 such fields beside a text of 60,000 quotes', `${CALLS} { calls(keys: $keys) { vdn } }`, {
    keys: [{ ...unknownFields(200), text: '"'.repeat(60_000) }],
  }),
  operation(
    'a document of 60 fields with long arguments',
    `{ call(vdn: 1, callId: "1") { ${times(60, () => `text(as: PLAIN, timeZone: "${'\\"'.repeat(450)}")`)} } }`,
  ),
  operation('a document of one field 2,400 times', `{ ${times(2_400, () => '__typename')} }`),
  operation(
    'a document of 2,400 fields that are not there',
    `{ call(vdn: 1, callId: "1") { ${times(2_400, (n) => `x${n}`)} } }`,
  ),
  operation(
    'a fragment of one field 2,100 times, below 24 × 24 names',
    `${CALLS} { ${times(24, (n) => `c${n}: calls(keys: $keys) { ...C }`)} }
     fragment C on Call { ${times(24, (n) => `l${n}: legs { ...L }`)} } fragment L on CallLeg { ${times(2_100, () => 'position')} }`,
    { keys: keysOfCalls(1, 4) },
  ),
  operation(
    'fragments that repeat the same fields below 60 objects',
    `{ call(vdn: 1, callId: "1") { ${times(60, () => `legs { ${LEG_FIELDS} }`)} } }`,
  ),
];

function operation(name: string, document: string, variables: HeavyOperation['variables'] = {}): HeavyOperation {
  return { name, document, variables };
}

function unknownFields(count: number): Readonly<Record<string, number>> {
  return Object.fromEntries(Array.from({ length: count }, (_, n) => [`f${n}`, 1] as const));
}
