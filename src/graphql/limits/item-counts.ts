import type { CallUnderstanding, Evidence } from '../../call/understanding/understanding.js';

/** How many items a list of a call has, by its path below the call. 0 for a path that is none. */
export type ItemCounts = (path: string) => number;

/** Assumed number of legs of a call before it is loaded: more than most have. Further legs are charged afterwards. */
const ASSUMED_LEGS = 10;

/** What the lists of a call are taken to hold before it is known: those that grow with its legs as many as it has legs. */
const ASSUMED: Readonly<Record<string, number>> = {
  legs: ASSUMED_LEGS,
  timeline: ASSUMED_LEGS,
  links: ASSUMED_LEGS,
  'links.evidence': ASSUMED_LEGS,
  participants: ASSUMED_LEGS,
  'narrative.sentences': ASSUMED_LEGS,
  text: ASSUMED_LEGS,
  evidence: 4,
  'ending.evidence': 2,
  findings: 2,
  transfers: 1,
  'transfers.evidence': 2,
  holds: 1,
};

/** The items of a call that is not known yet. */
export const assumedCounts: ItemCounts = (path) => ASSUMED[path] ?? 0;

/** The legs of a call, and nothing that is derived from them. */
export function legCounts(legs: number): ItemCounts {
  return (path) => (path === 'legs' ? legs : 0);
}

/**
 * The items of what is derived from a call of so many legs. Of texts, which are not written yet, the most lines that they
 * can have.
 */
export function derivedCounts(legs: number, understanding: CallUnderstanding): ItemCounts {
  const { timeline, links, transfers, holds, participants, findings, evidence, ending } = understanding;
  const sentences = timeline.length + links.length + findings.length;
  const counts: Readonly<Record<string, number>> = {
    timeline: timeline.length,
    links: links.length,
    'links.evidence': evidenceIn(links),
    participants: participants.length,
    'narrative.sentences': sentences,
    text: legs + sentences,
    evidence: evidence.length,
    'ending.evidence': ending?.evidence.length ?? 0,
    findings: findings.length,
    transfers: transfers.length,
    'transfers.evidence': evidenceIn(transfers),
    holds: holds.length,
  };
  return (path) => counts[path] ?? 0;
}

function evidenceIn(items: readonly { readonly evidence: readonly Evidence[] }[]): number {
  return items.reduce((sum, { evidence }) => sum + evidence.length, 0);
}
