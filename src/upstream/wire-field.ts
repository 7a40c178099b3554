import { isPlausible } from '../call/instant.js';
import type { ReadingNote } from '../call/trace.js';

/** The fields of an object of a reply, by lower-cased name. Texts have no padding; an empty field is null. */
export type Fields = ReadonlyMap<string, unknown>;

/**
 * Returns the fields of an object by lower-cased name, because the interfaces of this family differ in letter case. If a
 * name comes in two spellings, the last one that is not empty counts. Null if the value is no object.
 */
export function fieldsOf(value: unknown): Fields | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const fields = new Map<string, unknown>();
  for (const [name, written] of Object.entries(value)) {
    const lowerCased = name.toLowerCase();
    const content = typeof written === 'string' ? withoutPadding(written) : (written as unknown);
    if (content !== null || !fields.has(lowerCased)) fields.set(lowerCased, content);
  }
  return fields;
}

/** Returns the text of a field: a text, or the digits of an integer. Null for an empty field, undefined if it is neither. */
export function textOf(content: unknown): string | null | undefined {
  if (content == null || typeof content === 'string') return content ?? null;
  return typeof content === 'number' && Number.isSafeInteger(content) ? String(content) : undefined;
}

/** Returns the 32-bit integer of a field: a number, or decimal digits. Null for an empty field, undefined if it is neither. */
export function integerOf(content: unknown): number | null | undefined {
  const integer = anyIntegerOf(content);
  return integer == null || integer === (integer | 0) ? integer : undefined; // | keeps the lower 32 bits
}

/**
 * Returns the instant of a field in milliseconds, or in seconds, as clients of a sibling interface have seen.
 * Null for an empty field, for zero and negative times (the phase did not happen), and, with a note, for a value that is no
 * integer and for an instant before 2000 or more than a day after `askedAt`. Unit: ms since 1970-01-01 UTC.
 */
export function instantOf(content: unknown, askedAt: number, note: (note: ReadingNote) => void): number | null {
  const time = anyIntegerOf(content);
  if (time === undefined) note('oddValues');
  if (time == null || time <= 0) return null;
  const instantMs = time < SECONDS_BELOW ? time * 1000 : time;
  const isPossible = isPlausible(instantMs, askedAt);
  if (!isPossible) note('impossibleTimes');
  else if (instantMs !== time) note('timesInSeconds');
  return isPossible ? instantMs : null;
}

/** A time below this is in seconds: as milliseconds it would lie before May 1970. */
const SECONDS_BELOW = 1e10;

/** Returns an integer of any size, rounded beyond 2^53. Null for an empty field, undefined if it is no integer. */
function anyIntegerOf(content: unknown): number | null | undefined {
  if (content == null) return null;
  const number = typeof content === 'string' && /^[+-]?\d+$/.test(content) ? Number(content) : content;
  return typeof number === 'number' && Number.isInteger(number) ? number + 0 : undefined; // + 0: −0 is 0
}

/** Returns a text without the padding of fixed-width columns: white space (full-width too) and NULs. Null if empty. */
function withoutPadding(padded: string): string | null {
  let text = padded.trim();
  while (text.endsWith('\0')) text = text.slice(0, -1).trimEnd();
  while (text.startsWith('\0')) text = text.slice(1).trimStart();
  return text === '' ? null : text;
}
