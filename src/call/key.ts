import { InvalidCallKeyError } from './errors.js';
import { EARLIEST_AT, CLOCK_ALLOWANCE_MS, isPlausible, parseLogDate } from './instant.js';
import { monthOf, parseCallMonth, type CallMonth } from './month.js';

/** Identifies one trace in the upstream. Always valid: only this module creates keys. */
export interface TraceKey {
  /** Call centre. Range: 1 to 65535. */
  readonly ccId: number;
  /** Virtual call centre. Range: 1 to 5000. */
  readonly vdn: number;
  /** 1 to 64 printable ASCII characters, as a rule `{epoch}-{number}`. */
  readonly callId: string;
  /** Selects the upstream's table. */
  readonly month: CallMonth;
}

/** What a client asks for: a key and, perhaps, a hint where to look. */
export interface TraceQuestion {
  readonly key: TraceKey;
  /**
   * The client's `logDate`, if the call ID has no time at its head. Near the end of a month it decides which neighbouring
   * month is asked too. Unit: ms since 1970-01-01 UTC.
   */
  readonly loggedAt?: number | undefined;
}

/** How a client names a call: `logDate`, `month`, or neither if the call ID begins with an epoch. */
export interface CallRequest {
  readonly ccId?: number | null | undefined;
  readonly vdn: number;
  readonly callId: string;
  /** ISO 8601 with an offset, or epoch milliseconds. */
  readonly logDate?: string | number | null | undefined;
  /** `YYYY-MM`. */
  readonly month?: string | null | undefined;
}

/** What the deployment adds to a request. */
export interface KeyRules {
  readonly defaultCcId: number;
  /** The zone in which a call centre cuts its months: an IANA name. */
  readonly timeZoneOf: (ccId: number) => string;
  /** The clock that dates traces. Unit: ms since 1970-01-01 UTC. */
  readonly now: () => number;
  /** Our own clock. The later of the two clocks decides what lies in the future, so that one wrong clock refuses no request. */
  readonly wall?: (() => number) | undefined;
}

/** The largest number of a call centre. */
export const MAX_CC_ID = 65_535;
/** The largest VDN. */
export const MAX_VDN = 5_000;

/** Returns what a client asks for. `now`: ms since 1970-01-01 UTC. Throws InvalidCallKeyError naming the argument and its range. */
export function createTraceQuestion(request: CallRequest, rules: KeyRules, now = rules.now()): TraceQuestion {
  const ccId = integerFrom('ccId', request.ccId ?? rules.defaultCcId, MAX_CC_ID);
  const vdn = integerFrom('vdn', request.vdn, MAX_VDN);
  const callId = checkedCallId(request.callId);
  const { month, loggedAt } = monthFor(request, rules.timeZoneOf(ccId), latestOf(rules, now));
  const key = { ccId, vdn, callId, month };
  return loggedAt === undefined || callIdStartedAt(callId) !== null ? { key } : { key, loggedAt };
}

/** Returns the later of both clocks. Unit: ms since 1970-01-01 UTC. */
export function latestOf({ wall }: Pick<KeyRules, 'wall'>, now: number): number {
  return Math.max(now, wall?.() ?? now);
}

/** Returns the canonical text of a key. It is unique: the callId is encoded, so that it cannot forge another part. */
export function traceKeyText({ ccId, vdn, month, callId }: TraceKey): string {
  return `${ccId}:${vdn}:${month}:${encodeURIComponent(callId)}`;
}

/** Returns the key that a canonical text belongs to, or null if it is not one. */
export function parseTraceKey(text: string, rules: KeyRules): TraceKey | null {
  const [ccId, vdn, month, callId = ''] = text.split(':');
  try {
    const named = { ccId: Number(ccId), vdn: Number(vdn), month: month ?? '', callId: decodeURIComponent(callId) };
    const { key } = createTraceQuestion(named, rules);
    return traceKeyText(key) === text ? key : null;
  } catch {
    return null;
  }
}

/**
 * Returns when a call began, from the head of its ID: 10 digits are seconds, 13 milliseconds. Null if there is no such
 * head, or if it lies before 2000 or after 2099.
 * Unit: ms since 1970-01-01 UTC. Source: samples of the interface and its siblings; not promised by any page.
 */
export function callIdStartedAt(callId: string): number | null {
  const head = /^(\d{10}|\d{13})-/.exec(callId)?.[1];
  if (head === undefined) return null;
  const startedAt = head.length === 10 ? Number(head) * 1000 : Number(head);
  return startedAt >= EARLIEST_AT && startedAt < LATEST_HEAD_AT ? startedAt : null;
}

/** A later head is a number that only looks like a time. Unit: ms since 1970-01-01 UTC. */
const LATEST_HEAD_AT = Date.UTC(2100, 0, 1);

function integerFrom(argument: string, value: number, max: number): number {
  if (Number.isInteger(value) && value >= 1 && value <= max) return value;
  throw new InvalidCallKeyError(argument, `${argument} must be an integer from 1 to ${max}`);
}

function checkedCallId(callId: string): string {
  if (!/^[\x20-\x7e]{1,64}$/.test(callId)) {
    throw new InvalidCallKeyError('callId', 'callId must be 1 to 64 printable ASCII characters, such as 1678978542-92');
  }
  if (callId.trim() !== callId) throw new InvalidCallKeyError('callId', 'callId must not begin or end with a space');
  return callId;
}

function monthFor(request: CallRequest, timeZone: string, now: number): { month: CallMonth; loggedAt?: number } {
  const { callId, logDate, month } = request;
  if (logDate != null && month != null) {
    throw new InvalidCallKeyError('logDate', 'logDate and month exclude each other; give one of them, or neither');
  }
  if (month != null) return { month: checkedMonth(month, timeZone, now) };
  if (logDate != null) {
    const loggedAt = parseLogDate(logDate, now);
    return { month: monthOf(loggedAt, timeZone), loggedAt };
  }
  const startedAt = callIdStartedAt(callId);
  if (startedAt !== null && isPlausible(startedAt, now)) return { month: monthOf(startedAt, timeZone) };
  throw new InvalidCallKeyError(
    'logDate',
    'callId does not begin with the time of the call (10 or 13 digits and a dash), so its month is unknown; give logDate or month',
  );
}

function checkedMonth(text: string, timeZone: string, now: number): CallMonth {
  const month = parseCallMonth(text);
  const latest = monthOf(now + CLOCK_ALLOWANCE_MS, timeZone);
  if (month !== null && month >= monthOf(EARLIEST_AT, 'UTC') && month <= latest) return month;
  throw new InvalidCallKeyError('month', `month must be YYYY-MM from 2000-01 to ${latest}`);
}
