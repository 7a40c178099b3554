import type { FaultName } from '../../../simulator/fault-names.js';

/** What the gateway makes of one fault of the contact centre, if it lasts. */
export interface FaultRow {
  /** How the simulator is told to fail. */
  readonly fault: FaultName;
  /** The header `Retry-After` that goes with it, made when the test begins. */
  readonly retryAfter?: () => string;
  /** What it is called in the document, where the fault's name is not enough. */
  readonly title?: string;
  /** Requests for one question, with CMS_MAX_RETRIES at 2. */
  readonly attempts: number;
  readonly answer: Answer;
  readonly time: keyof typeof TIMES;
  readonly log: keyof typeof LOGS;
}

/** An error code, or what is wrong with the call that is answered all the same. */
export type Answer = { readonly code: string; readonly retryable: boolean } | { readonly call: keyof typeof CALLS };

/** What a client is answered where it is no error, and what is kept of it. */
export const CALLS = {
  RIGHT: ['the call', 'the call'],
  NOT_FOUND: ['`null`: not found', 'that it was not found, for `CACHE_EMPTY_TTL_SECONDS`'],
  UNKNOWN_CODES: ['the call; `UNKNOWN`, with the number beside it', 'as it came'],
  TWO_FINALS: ['the call; the later of the two ends it', 'as the client sees it'],
  IN_PROGRESS: ['the call, in progress', 'as it came, as a call in progress'],
  WITHOUT_BEGINS: ['the call; what cannot be read is `null`', 'as the client sees it'],
  WITHOUT_TIMES: ['the call; those times are `null`', 'as it came, as a call in progress'],
} as const;

/** How long it takes, and the bounds that the test holds it to. Unit: ms. */
export const TIMES = {
  AT_ONCE: { words: 'at once', atLeast: 0, atMost: 2_000 },
  AS_LONG_AS_IT_TAKES: { words: 'as long as it takes', atLeast: 100, atMost: 2_000 },
  ONE_PAUSE: { words: 'one pause', atLeast: 0, atMost: 2_200 },
  TWO_PAUSES: { words: 'two pauses', atLeast: 0, atMost: 2_600 },
  AS_ASKED: { words: 'as long as it asks us to wait', atLeast: 900, atMost: 6_000 },
  THREE_TIMEOUTS: { words: 'three times `CMS_ATTEMPT_TIMEOUT_MS`, two pauses', atLeast: 850, atMost: 4_000 },
} as const;

const FAILED = (words: string) => [40, `a request to the contact centre failed: ${words}`] as const;
const DOWN = [40, 'the contact centre keeps failing at this address: nothing is sent there'] as const;

/** What stands in the log once the fault has lasted for five questions: level and beginning of the message. */
export const LOGS = {
  NONE: [],
  SERVER_ERROR: [FAILED('it answered HTTP 5xx'), DOWN],
  CUT: [FAILED('the connection was cut'), DOWN],
  NO_ANSWER: [FAILED('no answer in time'), DOWN],
  REFUSED: [
    [50, 'the contact centre refuses our signatures (HTTP 401)'],
    FAILED('it refused our signature (HTTP 401)'),
  ],
  LOCKED: [
    [50, 'the contact centre has locked this address (HTTP 403)'],
    FAILED('it has locked our address (HTTP 403)'),
  ],
  FIREWALL: [FAILED('a firewall before it refused the request')],
  BUSY: [FAILED('it asked us to send less (HTTP 429)')],
  ODD_STATUS: [FAILED('it answered with an unexpected HTTP status')],
  REJECTED: [FAILED('it answered a failing result code')],
  MALFORMED: [FAILED('its reply could not be read')],
} as const;

const UNAVAILABLE = { code: 'UPSTREAM_UNAVAILABLE', retryable: true };
const TIMEOUT = { code: 'UPSTREAM_TIMEOUT', retryable: true };
const AUTH_FAILED = { code: 'UPSTREAM_AUTH_FAILED', retryable: false };
const MALFORMED = { code: 'UPSTREAM_MALFORMED', retryable: false };
const REJECTED = { code: 'UPSTREAM_REJECTED', retryable: false };
const REJECTED_FOR_NOW = { code: 'UPSTREAM_REJECTED', retryable: true };

/** So far ahead is the date that a Retry-After may hold; it has whole seconds. Unit: ms. */
const DATE_AHEAD_MS = 2_000;

/** Every fault of the simulator: what a client sees of it, after how long, and what an operator does. */
export const FAULT_TABLE: readonly FaultRow[] = [
  row('slow', 1, { call: 'RIGHT' }, 'AS_LONG_AS_IT_TAKES'),
  row('hang-before-headers', 3, TIMEOUT, 'THREE_TIMEOUTS', 'NO_ANSWER'),
  row('hang-mid-body', 3, TIMEOUT, 'THREE_TIMEOUTS', 'NO_ANSWER'),
  row('reset', 4, UNAVAILABLE, 'TWO_PAUSES', 'CUT'),
  row('http-401', 1, AUTH_FAILED, 'AT_ONCE', 'REFUSED'),
  row('http-403-json', 1, AUTH_FAILED, 'AT_ONCE', 'LOCKED'),
  row('http-403-html', 1, AUTH_FAILED, 'AT_ONCE', 'FIREWALL'),
  row('http-418', 1, AUTH_FAILED, 'AT_ONCE', 'FIREWALL'),
  row('http-429', 3, UNAVAILABLE, 'TWO_PAUSES', 'BUSY'),
  {
    ...row('http-429', 3, UNAVAILABLE, 'AS_ASKED', 'BUSY'),
    retryAfter: () => '1',
    title: '`http-429`, `Retry-After` in seconds',
  },
  {
    ...row('http-429', 3, UNAVAILABLE, 'AS_ASKED', 'BUSY'),
    retryAfter: () => new Date(Date.now() + DATE_AHEAD_MS).toUTCString(),
    title: '`http-429`, `Retry-After` as a date',
  },
  row('http-500', 1, UNAVAILABLE, 'AT_ONCE', 'SERVER_ERROR'),
  row('http-502', 3, UNAVAILABLE, 'TWO_PAUSES', 'SERVER_ERROR'),
  row('http-503', 3, UNAVAILABLE, 'TWO_PAUSES', 'SERVER_ERROR'),
  row('http-504-html', 3, UNAVAILABLE, 'TWO_PAUSES', 'SERVER_ERROR'),
  row('redirect', 1, MALFORMED, 'AT_ONCE', 'ODD_STATUS'),
  row('result-0100001', 2, REJECTED_FOR_NOW, 'ONE_PAUSE', 'REJECTED'),
  row('result-0100002', 1, REJECTED, 'AT_ONCE', 'REJECTED'),
  row('result-0100003', 1, REJECTED, 'AT_ONCE', 'REJECTED'),
  row('result-0100999', 2, REJECTED_FOR_NOW, 'ONE_PAUSE', 'REJECTED'),
  row('result-0101001', 1, REJECTED, 'AT_ONCE', 'REJECTED'),
  row('result-0101002', 1, REJECTED, 'AT_ONCE', 'REJECTED'),
  row('result-0101003', 1, REJECTED, 'AT_ONCE', 'REJECTED'),
  row('desc-string', 1, MALFORMED, 'AT_ONCE', 'MALFORMED'),
  row('desc-object', 1, { call: 'RIGHT' }, 'AT_ONCE'),
  row('desc-null', 1, { call: 'NOT_FOUND' }, 'AT_ONCE'),
  row('html-200', 1, MALFORMED, 'AT_ONCE', 'MALFORMED'),
  row('truncated-json', 1, MALFORMED, 'AT_ONCE', 'MALFORMED'),
  row('huge-body', 1, MALFORMED, 'AT_ONCE', 'MALFORMED'),
  row('wrong-types', 1, { call: 'WITHOUT_BEGINS' }, 'AT_ONCE'),
  row('missing-fields', 1, MALFORMED, 'AT_ONCE', 'MALFORMED'),
  row('unknown-codes', 1, { call: 'UNKNOWN_CODES' }, 'AT_ONCE'),
  row('duplicate-legs', 1, { call: 'RIGHT' }, 'AT_ONCE'),
  row('two-final-legs', 1, { call: 'TWO_FINALS' }, 'AT_ONCE'),
  row('no-final-leg', 1, { call: 'IN_PROGRESS' }, 'AT_ONCE'),
  row('negative-times', 1, { call: 'WITHOUT_TIMES' }, 'AT_ONCE'),
  row('second-based-times', 1, { call: 'RIGHT' }, 'AT_ONCE'),
  row('other-call', 1, MALFORMED, 'AT_ONCE', 'MALFORMED'),
  row('other-vdn', 1, MALFORMED, 'AT_ONCE', 'MALFORMED'),
  row('empty-body', 1, MALFORMED, 'AT_ONCE', 'MALFORMED'),
  row('legacy-result-datas', 1, { call: 'RIGHT' }, 'AT_ONCE'),
];

function row(
  fault: FaultName,
  attempts: number,
  answer: Answer,
  time: FaultRow['time'],
  log: FaultRow['log'] = 'NONE',
): FaultRow {
  return { fault, attempts, answer, time, log };
}

/** What a row is called. */
export function titleOf({ title, fault }: FaultRow): string {
  return title ?? `\`${fault}\``;
}

/** The table as it stands in docs/upstream.md. */
export function faultTableMarkdown(): string {
  const lines = FAULT_TABLE.map((one) => {
    const { answer, attempts, time, log } = one;
    const [seen, kept] = 'code' in answer ? [`\`${answer.code}\``, 'nothing'] : CALLS[answer.call];
    return [titleOf(one), attempts, seen, TIMES[time].words, kept, LOG_WORDS[log]];
  });
  const head = ['fault', 'requests', 'the client sees', 'after', 'cached', 'log'];
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const LOG_WORDS = {
  NONE: '–',
  SERVER_ERROR: 'warn, at the first: *it answered HTTP 5xx*; after five in a row: *keeps failing at this address*',
  CUT: 'warn, at the first: *the connection was cut*; after five in a row: *keeps failing at this address*',
  NO_ANSWER: 'warn, at the first: *no answer in time*; after five in a row: *keeps failing at this address*',
  REFUSED: 'error and warn, at the first once the key was proven: *refuses our signatures*',
  LOCKED: 'error and warn, at the first: *has locked this address*',
  FIREWALL: 'warn, at the first: *a firewall before it refused the request*',
  BUSY: 'warn, at the first: *it asked us to send less*',
  ODD_STATUS: 'warn, at the first: *an unexpected HTTP status*',
  REJECTED: 'warn, at the first: *a failing result code*',
  MALFORMED: 'warn, at the first: *its reply could not be read*',
} as const;
