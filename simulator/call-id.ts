/** What a call ID says by itself. */
export interface CallIdParts {
  /** When the call began. Unit: ms since 1970-01-01 UTC. */
  startedAt: number;
  /** The number behind the dash. */
  number: number;
}

const SECONDS_DIGITS = 10;
const CALL_ID = /^(\d{10}|\d{13})-(\d{1,15})$/;

/** The parts of a call ID of the form `{10 or 13 digits}-{number}`; null for any other text. */
export function parseCallId(callId: string): CallIdParts | null {
  const [, prefix, number] = CALL_ID.exec(callId) ?? [];
  if (prefix === undefined || number === undefined) return null;
  const unitMs = prefix.length === SECONDS_DIGITS ? 1000 : 1;
  return { startedAt: Number(prefix) * unitMs, number: Number(number) };
}
