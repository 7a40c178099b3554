import { InvalidArgumentError } from 'commander';
import { isCallId, isMonth, parseVdn } from './key-line.js';

/*
 * What reads one argument each. Each throws InvalidArgumentError, which says what to give instead.
 */

/** Returns a VDN; `-` for those on standard input. */
export function vdnArgument(text: string): number | '-' {
  if (text === '-') return '-';
  const vdn = parseVdn(text);
  if (vdn !== null) return vdn;
  throw new InvalidArgumentError(
    'The VDN comes first, a number from 1 to 5000, then the call ID: call-trace show 170 1749974400-11.',
  );
}

/** Returns a call ID. */
export function callIdArgument(text: string): string {
  if (isCallId(text)) return text;
  throw new InvalidArgumentError('A call ID is 1 to 64 printable ASCII characters, such as 1749974400-11.');
}

/** Returns a month. */
export function monthArgument(text: string): string {
  if (isMonth(text)) return text;
  throw new InvalidArgumentError('Give the month as YYYY-MM, such as 2025-06.');
}

/** Returns what reads an integer of a range. */
export function integerArgument(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,6}$/.test(text) ? Number(text) : NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Give a number from ${least} to ${most}.`);
  };
}

/** Returns the IANA name of a time zone. */
export function timeZoneArgument(text: string): string {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return text;
  } catch {
    throw new InvalidArgumentError('Give the IANA name of a time zone, such as Asia/Shanghai or UTC.');
  }
}
