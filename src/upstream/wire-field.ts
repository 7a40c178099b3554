import { isPlausible } from '../call/instant.js';
import type { ReadingNote } from '../call/trace.js';

/** The fields of an object of a reply, by lower-cased name. */
export type Fields = ReadonlyMap<string, unknown>;

/**
 * The fields of an object, by lower-cased name: the interfaces of this family differ in their letter case. Of two
 * spellings of one name the one that says something counts; of two that do, the last. Null if the value is no object.
 */
export function fieldsOf(value: unknown): Fields | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const fields = new Map<string, unknown>();
  for (const [name, content] of Object.entries(value)) {
    const lowerCased = name.toLowerCase();
    if (!fields.has(lowerCased) || !isNothing(content)) fields.set(lowerCased, content);
  }
  return fields;
}

/** Whether a value says nothing: absent, null, or a text of padding alone. */
export function isNothing(value: unknown): boolean {
  return contentOf(value) === null;
}

/** The text of a value: a text without its padding, or the digits of an integer. Null for nothing, undefined if it is neither. */
export function textOf(value: unknown): string | null | undefined {
  const content = contentOf(value);
  if (content === null || typeof content === 'string') return content;
  return typeof content === 'number' && Number.isSafeInteger(content) ? String(content) : undefined;
}

/** The 32-bit integer of a value: a number, or decimal digits. Null for nothing, undefined if it is neither. */
export function integerOf(value: unknown): number | null | undefined {
  const integer = anyIntegerOf(value);
  return integer == null || (integer >= MIN_INT_32 && integer <= MAX_INT_32) ? integer : undefined;
}

const MIN_INT_32 = -2_147_483_648;
const MAX_INT_32 = 2_147_483_647;

/**
 * The instant of a value that counts milliseconds, or seconds as clients of a sibling interface have met.
 * Null for nothing, for zero and negative times (the phase did not happen), and for what is noted: a value that is no
 * integer, and an instant before 2000 or more than a day after `askedAt`. Unit: ms since 1970-01-01 UTC.
 */
export function instantOf(value: unknown, askedAt: number, note: (note: ReadingNote) => void): number | null {
  const time = anyIntegerOf(value);
  if (time === undefined) note('oddValues');
  if (time == null || time <= 0) return null;
  const countsSeconds = time < SECONDS_BELOW;
  const instantMs = countsSeconds ? time * 1000 : time;
  const isPossible = isPlausible(instantMs, askedAt);
  if (!isPossible) note('impossibleTimes');
  else if (countsSeconds) note('timesInSeconds');
  return isPossible ? instantMs : null;
}

/** Below this a time counts seconds: as milliseconds it would lie before May 1970. */
const SECONDS_BELOW = 1e10;

/** An integer of any size, beyond 2^53 rounded. Null for nothing, undefined if it is none. */
function anyIntegerOf(value: unknown): number | null | undefined {
  const content = contentOf(value);
  if (content === null) return null;
  const number = typeof content === 'string' && /^[+-]?\d+$/.test(content) ? Number(content) : content;
  return typeof number === 'number' && Number.isInteger(number) ? number + 0 : undefined; // + 0: −0 is 0
}

/** A value as it is, but a text without the white space (full-width too) and NULs that fill up columns of fixed width. */
function contentOf(value: unknown): unknown {
  if (typeof value !== 'string') return value ?? null;
  let start = 0;
  let end = value.length;
  while (start < end && isPadding(value, start)) start += 1;
  while (start < end && isPadding(value, end - 1)) end -= 1;
  return start < end ? value.slice(start, end) : null;
}

function isPadding(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code <= SPACE || code > LAST_ASCII ? code === 0 || text.charAt(at).trim() === '' : false;
}

const SPACE = 0x20;
const LAST_ASCII = 0x7f;
