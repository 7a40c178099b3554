import { Temporal } from 'temporal-polyfill';
import { InvalidCallKeyError } from './errors.js';

/** No contact centre of this kind has older calls. Unit: ms since 1970-01-01 UTC. */
export const EARLIEST_AT = Date.UTC(2000, 0, 1);

/** Clocks differ: an instant up to a day ahead of ours is accepted. Unit: ms. */
export const CLOCK_ALLOWANCE_MS = 86_400_000;

/** Whether a call can have happened at an instant: from 2000 on, and not in the future. */
export function isPlausible(instantMs: number, now: number): boolean {
  return instantMs >= EARLIEST_AT && instantMs <= now + CLOCK_ALLOWANCE_MS;
}

/**
 * Returns the instant of a `logDate`: ISO 8601 with an offset, or epoch milliseconds (a number, or its digits). Unit: ms
 * since 1970-01-01 UTC. Throws InvalidCallKeyError for anything else, such as seconds or a time without an offset.
 */
export function parseLogDate(input: string | number, now: number): number {
  const epoch = typeof input === 'number' ? input : /^-?\d+$/.test(input) ? Number(input) : null;
  const instantMs = epoch ?? parseIso(String(input));
  if (Number.isInteger(instantMs) && isPlausible(instantMs, now)) return instantMs;
  if (epoch !== null && isPlausible(epoch * 1000, now)) {
    throw new InvalidCallKeyError('logDate', `logDate ${epoch} looks like seconds; give milliseconds: ${epoch * 1000}`);
  }
  throw new InvalidCallKeyError(
    'logDate',
    'logDate must lie between 2000-01-01 and now; give ISO 8601 with an offset, or epoch milliseconds',
  );
}

function parseIso(text: string): number {
  try {
    return Temporal.Instant.from(text).epochMilliseconds;
  } catch {
    throw new InvalidCallKeyError(
      'logDate',
      'logDate must be ISO 8601 with an offset, such as 2021-03-14T18:29:25+08:00, or epoch milliseconds; without Z or an offset it could be any of 24 instants',
    );
  }
}
