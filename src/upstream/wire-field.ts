import { isPlausible } from '../call/instant.js';
import type { ReadingNote } from '../call/trace.js';

/** The fields of an object of a reply by lower-cased name. Texts are without padding; what says nothing is null. */
export type Fields = ReadonlyMap<string, unknown>;

/**
 * The fields of an object, by lower-cased name: the interfaces of this family differ in their letter case. Of two
 * spellings of one name the one that says something counts; of two that do, the last. Null if the value is no object.
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

/** The text of a field: a text, or the digits of an integer. Null for nothing, undefined if it is neither. */
export function textOf(content: unknown): string | null | undefined {
  if (content == null || typeof content === 'string') return content ?? null;
  return typeof content === 'number' && Number.isSafeInteger(content) ? String(content) : undefined;
}

/** The 32-bit integer of a field: a number, or decimal digits. Null for nothing, undefined if it is neither. */
export function integerOf(content: unknown): number | null | undefined {
  const integer = anyIntegerOf(content);
  return integer == null || integer === (integer | 0) ? integer : undefined; // | keeps the lower 32 bits
}

/**
 * The instant of a field that counts milliseconds, or seconds as clients of a sibling interface have met.
 * Null for nothing, for zero and negative times (the phase did not happen), and for what is noted: a value that is no
 * integer, and an instant before 2000 or more than a day after `askedAt`. Unit: ms since 1970-01-01 UTC.
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

/** Below this a time counts seconds: as milliseconds it would lie before May 1970. */
const SECONDS_BELOW = 1e10;

/** An integer of any size, beyond 2^53 rounded. Null for nothing, undefined if it is none. */
function anyIntegerOf(content: unknown): number | null | undefined {
  if (content == null) return null;
  const number = typeof content === 'string' && /^[+-]?\d+$/.test(content) ? Number(content) : content;
  return typeof number === 'number' && Number.isInteger(number) ? number + 0 : undefined; // + 0: −0 is 0
}

/** A text without what fills up columns of fixed width: white space, full-width too, and NULs. Null if nothing is left. */
function withoutPadding(padded: string): string | null {
  let text = padded.trim();
  while (text.endsWith('\0')) text = text.slice(0, -1).trimEnd();
  while (text.startsWith('\0')) text = text.slice(1).trimStart();
  return text === '' ? null : text;
}
