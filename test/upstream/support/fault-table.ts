import type { FaultName } from '../../../src/simulator/fault-names.js';

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
  TWO_FINALS: ['the call; the later of the two ends it', 'as it came'],
  IN_PROGRESS: ['the call, in progress', 'as it came, as a call in progress'],
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

/** What stands in the log once the fault has lasted for five questions: level and beginning of the message. */
export const LOGS = {
  NONE: [],
  ADDRESS_DOWN: [[40, 'the contact centre keeps failing at this address']],
  REFUSED: [
    [40, 'the contact centre refused a signature'],
    [50, 'the contact centre refuses our signatures: nothing is sent'],
  ],
  LOCKED: [[50, 'the contact centre refuses our signatures: nothing is sent']],
  FIREWALL: [[40, 'a firewall before the contact centre refuses our requests']],
  BUSY: [[40, 'the contact centre asks us to slow down']],
  REJECTED: [[40, 'the contact centre answers nothing but a failing result code']],
  SECONDS: [[40, 'the contact centre tells times in seconds']],
  MALFORMED: [[40, 'the contact centre sends nothing but replies that cannot be read']],
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
  row('hang-before-headers', 3, TIMEOUT, 'THREE_TIMEOUTS', 'ADDRESS_DOWN'),
  row('hang-mid-body', 3, TIMEOUT, 'THREE_TIMEOUTS', 'ADDRESS_DOWN'),
  row('reset', 4, UNAVAILABLE, 'TWO_PAUSES', 'ADDRESS_DOWN'),
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
  row('http-500', 1, UNAVAILABLE, 'AT_ONCE', 'ADDRESS_DOWN'),
  row('http-502', 3, UNAVAILABLE, 'TWO_PAUSES', 'ADDRESS_DOWN'),
  row('http-503', 3, UNAVAILABLE, 'TWO_PAUSES', 'ADDRESS_DOWN'),
  row('http-504-html', 3, UNAVAILABLE, 'TWO_PAUSES', 'ADDRESS_DOWN'),
  row('redirect', 1, MALFORMED, 'AT_ONCE', 'MALFORMED'),
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
  row('wrong-types', 1, MALFORMED, 'AT_ONCE', 'MALFORMED'),
  row('missing-fields', 1, MALFORMED, 'AT_ONCE', 'MALFORMED'),
  row('unknown-codes', 1, { call: 'UNKNOWN_CODES' }, 'AT_ONCE'),
  row('duplicate-legs', 1, { call: 'RIGHT' }, 'AT_ONCE'),
  row('two-final-legs', 1, { call: 'TWO_FINALS' }, 'AT_ONCE'),
  row('no-final-leg', 1, { call: 'IN_PROGRESS' }, 'AT_ONCE'),
  row('negative-times', 1, { call: 'WITHOUT_TIMES' }, 'AT_ONCE'),
  row('second-based-times', 1, { call: 'RIGHT' }, 'AT_ONCE', 'SECONDS'),
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
  ADDRESS_DOWN: 'warn, after five in a row: *keeps failing at this address*',
  REFUSED: 'warn, at the first: *refused a signature*; error, at the third: *nothing is sent until a probe succeeds*',
  LOCKED: 'error, at the first: *nothing is sent until a probe succeeds*',
  FIREWALL: 'warn, after five in a row: *a firewall … refuses our requests*',
  BUSY: 'warn, after five in a row: *asks us to slow down*',
  REJECTED: 'warn, after five in a row: *nothing but a failing result code*',
  SECONDS: 'warn, at the first alone: *tells times in seconds*',
  MALFORMED: 'warn, after five in a row: *replies that cannot be read*',
} as const;
