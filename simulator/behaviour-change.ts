import { FAULT_NAMES, isFaultName } from './fault-names.js';
import type { Behaviour } from './options.js';

/** A change of behaviour that cannot be read; the message says what would be right. */
export class InvalidChangeError extends Error {
  override name = 'InvalidChangeError';
}

type Reader<Value> = (value: unknown) => Value;
type Readers = { [Field in keyof Behaviour]: Reader<Behaviour[Field]> };

const READERS: Readers = {
  latencyMs: readNumber,
  jitterMs: readNumber,
  fault: orNull(readFault),
  faultRate: readShare,
  faultCount: orNull(readNumber),
  faultCallIds: orNull(readTexts),
  slowMs: readNumber,
  retryAfter: orNull(readText),
  // JSON has no infinity, so null lifts the limit.
  capacity: (value) => (value === null ? Infinity : readNumber(value)),
  lockAfter: readNumber,
  lockMs: readNumber,
  failHandshakes: readNumber,
  clockAheadMs: readDifference,
  sendDate: readBoolean,
  checkSignature: readBoolean,
  accessKeys: readTextByText,
};

/** The change that a JSON value describes. Throws `InvalidChangeError`. */
export function readBehaviourChange(value: unknown): Partial<Behaviour> {
  if (!isObject(value)) throw new InvalidChangeError('The change must be a JSON object');
  const entries = Object.entries(value).map(([field, wanted]) => [field, readField(field, wanted)]);
  return Object.fromEntries(entries) as Partial<Behaviour>;
}

function readField(field: string, value: unknown): unknown {
  if (!Object.hasOwn(READERS, field)) {
    throw new InvalidChangeError(`There is no setting ${field}; there are: ${Object.keys(READERS).join(', ')}`);
  }
  try {
    return READERS[field as keyof Readers](value);
  } catch (error) {
    if (!(error instanceof InvalidChangeError)) throw error;
    throw new InvalidChangeError(`${field} must be ${error.message}`);
  }
}

function orNull<Value>(read: Reader<Value>): Reader<Value | null> {
  return (value) => (value === null ? null : read(value));
}

function readNumber(value: unknown): number {
  if (typeof value === 'number' && value >= 0) return value;
  throw new InvalidChangeError('a number, 0 or more');
}

function readDifference(value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new InvalidChangeError('a number');
}

function readShare(value: unknown): number {
  if (typeof value === 'number' && value >= 0 && value <= 1) return value;
  throw new InvalidChangeError('a number from 0 to 1');
}

function readBoolean(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw new InvalidChangeError('true or false');
}

function readText(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new InvalidChangeError('a text');
}

function readTexts(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(readText);
  throw new InvalidChangeError('a list of texts');
}

function readTextByText(value: unknown): Record<string, string> {
  if (!isObject(value)) throw new InvalidChangeError('an object of texts');
  return Object.fromEntries(Object.entries(value).map(([key, text]) => [key, readText(text)]));
}

function readFault(value: unknown): Behaviour['fault'] {
  if (typeof value === 'string' && isFaultName(value)) return value;
  throw new InvalidChangeError(`null or one of: ${FAULT_NAMES.join(', ')}`);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
