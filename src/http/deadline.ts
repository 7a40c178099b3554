import { RequestError } from './refusals.js';

/** The shortest deadline that a client may set; the contact centre takes longer to reply. Unit: ms. */
const MIN_DEADLINE_MS = 100;

/**
 * Returns the deadline in the client's `X-Deadline-Ms` header; null without the header. Unit: ms. `maxMs`: the gateway's
 * deadline. Throws RequestError unless it is an integer within these bounds.
 */
export function deadlineFor(header: string | string[] | undefined, maxMs: number): number | null {
  if (header === undefined) return null;
  const minMs = Math.min(MIN_DEADLINE_MS, maxMs);
  const ms = typeof header === 'string' && /^\d{1,6}$/.test(header) ? Number(header) : NaN;
  if (ms >= minMs && ms <= maxMs) return ms;
  throw new RequestError(400, 'bad_request', `X-Deadline-Ms must be an integer from ${minMs} to ${maxMs}`);
}
