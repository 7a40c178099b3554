import { parse } from 'lossless-json';

/** A double holds any 15 digits exactly. Quoted numbers do not match, so JSON.parse reads ordinary replies. */
const MAY_HAVE_LONG_NUMBER = /[\s:,[]-?\d[\d.eE+-]{15}/;
/** The library is slow: a longer text would block the event loop. Unit: characters. */
const MAX_LENGTH = 262_144;
const INTEGER = /^-?(\d+)(?:\.0+)?$/;

/**
 * Returns what `JSON.parse` returns, with one difference: an integer of 16 digits or more becomes a string of its exact
 * digits, because a double would round it. Throws if the text is not JSON, or if it is longer than 262,144 characters and
 * may hold such an integer outside quotes.
 */
export function parseExactJson(text: string): unknown {
  if (!MAY_HAVE_LONG_NUMBER.test(text)) return JSON.parse(text);
  if (text.length > MAX_LENGTH) throw new RangeError('too long to be read exactly');
  return parse(text, null, { parseNumber: exactNumber, onDuplicateKey: ({ newValue }) => newValue });
}

function exactNumber(text: string): string | number {
  const digits = INTEGER.exec(text)?.[1];
  if (digits !== undefined && digits.length > 15) return text.replace(/\..*/, '');
  const isRounded = digits === undefined && text.length > 15 && Number.isInteger(Number(text));
  return isRounded ? NaN : Number(text); // a fraction must not turn into an integer by rounding
}
