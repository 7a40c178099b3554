import { createTraceQuestion, latestOf, traceKeyText, type KeyRules, type TraceQuestion } from '../../call/key.js';
import { questionOfReference } from '../references.js';
import { isReference, type CallNaming } from './requests.js';

/** A question with the canonical text of its key. */
export interface KeyQuestion extends TraceQuestion {
  /** As `traceKeyText` has it. */
  readonly text: string;
}

/** A question, and what named the call: undefined or null where that was left out. */
interface Entry {
  readonly question: KeyQuestion;
  readonly id: unknown;
  readonly callId: unknown;
  readonly vdn: unknown;
  readonly ccId: unknown;
  readonly month: unknown;
  /** The key was validated at this time; later times need no new check. Unit: ms since 1970-01-01 UTC. */
  readonly since: number;
}

/** Most entries of a kind: more than a dashboard requests repeatedly. */
const MAX_ENTRIES = 8_192;

/**
 * Returns a function that maps the name of a call to its question, with a cache. Throws InvalidCallKeyError. Refused names
 * and names with a `logDate` are not cached. `now` in ms since 1970-01-01 UTC.
 */
export function createKeyCache(rules: KeyRules): (naming: CallNaming, now: number) => KeyQuestion {
  // Apart, because a reference is judged by rules of its own: null is no part of one.
  const ofArguments = new Map<unknown, Entry>();
  const ofReferences = new Map<unknown, Entry>();

  return (naming, now) => {
    if (!isReference(naming) && naming.logDate != null) return make(naming, now);
    const entries = isReference(naming) ? ofReferences : ofArguments;
    const id = isReference(naming) ? naming.id : undefined;
    const name = id ?? naming.callId;
    const entry = entries.get(name);
    const latest = latestOf(rules, now);
    if (entry && latest >= entry.since && isSame(entry, id, naming)) return entry.question;
    const question = make(naming, now);
    if (entries.size >= MAX_ENTRIES) entries.clear();
    const { callId, vdn, ccId, month } = naming;
    entries.set(name, { question, id, callId, vdn, ccId, month, since: latest });
    return question;
  };

  function make(naming: CallNaming, now: number): KeyQuestion {
    const question = isReference(naming)
      ? questionOfReference(naming, rules, now)
      : createTraceQuestion(naming, rules, now);
    return { ...question, text: traceKeyText(question.key) };
  }
}

/** Whether the arguments, or parts of a reference, equal those of the entry: those beside an `id` may contradict it. */
function isSame(a: Entry, id: unknown, b: CallNaming): boolean {
  return a.id === id && a.callId === b.callId && a.vdn === b.vdn && a.ccId === b.ccId && a.month === b.month;
}
