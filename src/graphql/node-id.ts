import type { CallLeg } from '../call/call.js';
import { parseTraceKey, traceKeyText, type KeyRules, type TraceKey } from '../call/key.js';

const CALL = 'Call:';

/** Returns the opaque `id` of a call. */
export function callNodeId(key: TraceKey): string {
  return Buffer.from(CALL + traceKeyText(key)).toString('base64url');
}

/** The opaque `id` of a leg: it holds no device, which may be a phone number. */
export function legNodeId({ key, callIdNum, occurrence }: CallLeg): string {
  const which = occurrence > 1 ? `${callIdNum}.${occurrence}` : String(callIdNum);
  return Buffer.from(`CallLeg:${traceKeyText(key)}:${which}`).toString('base64url');
}

/** Returns the key of a call's `id`, or null if it is not an `id` of this graph. */
export function parseCallNodeId(id: string, rules: KeyRules): TraceKey | null {
  const text = Buffer.from(id, 'base64url').toString();
  const key = text.startsWith(CALL) ? parseTraceKey(text.slice(CALL.length), rules) : null;
  return key && callNodeId(key) === id ? key : null; // Buffer ignores characters that are not base64url
}
