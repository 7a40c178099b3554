import type { TraceQuery } from './trace.js';

/** The values of a request body as far as they could be read; null for the rest. */
export type LooseQuery = { [Field in keyof TraceQuery]: TraceQuery[Field] | null };

/** The range that each number of a request must keep; the last instant is the last that a `Date` can hold. */
const RANGES = {
  ccId: [1, 65_535],
  vdn: [1, 5000],
  logDate: [0, 8_640_000_000_000_000],
} as const;

const CALL_ID_LENGTH = 64;

/** The body's values, each checked by itself. A body that is no JSON object gives nothing but nulls. */
export function readLooseQuery(body: string): LooseQuery {
  const fields = parseObject(body);
  return {
    ccId: readNumber(fields['ccId'], RANGES.ccId),
    vdn: readNumber(fields['vdn'], RANGES.vdn),
    callId: readCallId(fields['callId']),
    logDate: readNumber(fields['logDate'], RANGES.logDate),
  };
}

/** The query if every value is there; else the first thing that is wrong, in words for `resultDesc`. */
export function requireQuery({ ccId, vdn, callId, logDate }: LooseQuery): TraceQuery | string {
  if (ccId === null) return invalid('ccId', 'an integer from 1 to 65535');
  if (vdn === null) return invalid('vdn', 'an integer from 1 to 5000');
  if (callId === null) return invalid('callId', `a text of 1 to ${CALL_ID_LENGTH} characters`);
  if (logDate === null) return invalid('logDate', 'a timestamp in milliseconds');
  return { ccId, vdn, callId, logDate };
}

function invalid(field: string, rule: string): string {
  return `Invalid parameter: ${field} must be ${rule}`;
}

/** Numbers come as numbers or as strings of digits: the documents' table says one, their sample does the other. */
function readNumber(value: unknown, [min, max]: readonly [number, number]): number | null {
  const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= min && number <= max ? number : null;
}

function readCallId(value: unknown): string | null {
  return typeof value === 'string' && value.length >= 1 && value.length <= CALL_ID_LENGTH ? value : null;
}

function parseObject(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
