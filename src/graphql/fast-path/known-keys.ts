import {
  createTraceQuestion,
  traceKeyText,
  type CallRequest,
  type KeyRules,
  type TraceQuestion,
} from '../../call/key.js';

/** A question with the canonical text of its key. */
export interface KnownKey extends TraceQuestion {
  /** As `traceKeyText` has it. */
  readonly text: string;
}

/** What was asked, and when it was found to name a key. */
interface Known extends KnownKey {
  /** As it was given: undefined or null where the request left it out. */
  readonly ccId: number | null | undefined;
  /** A call that can have happened by then can have happened ever since. Unit: ms since 1970-01-01 UTC. */
  readonly since: number;
}

/** Requests that are remembered: more than a dashboard asks for again and again. */
const MAX_KNOWN = 8_192;

/**
 * Returns `createTraceQuestion` with a memory: of a request that names a call by VDN and call ID alone, as nearly all do, the
 * key is made once. Throws InvalidCallKeyError like it; what is refused is not remembered.
 */
export function createKnownKeys(rules: KeyRules): (request: CallRequest, now: number) => KnownKey {
  const known = new Map<string, Known>();

  return (request, now) => {
    const { callId, vdn, ccId, month, logDate } = request;
    if (month != null || logDate != null) return make(request, now);
    const met = known.get(callId);
    if (met?.key.vdn === vdn && met.ccId === ccId && now >= met.since) return met;
    const made = { ...make(request, now), ccId, since: now };
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(callId, made);
    return made;
  };

  function make(request: CallRequest, now: number): KnownKey {
    const question = createTraceQuestion(request, rules, now);
    return { ...question, text: traceKeyText(question.key) };
  }
}
