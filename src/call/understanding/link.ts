import type { Confidence } from '../codes/code-row.js';
import type { EvidenceClause } from './clauses.js';
import type { CodeField } from './dictionary.js';
import { codeEvidence, confidenceOf } from './evidence.js';
import type { Leg } from './legs.js';
import type { LegLink } from './understanding.js';
import type { LinkKind } from './vocabulary.js';

/** A link with the legs themselves. */
export interface Link extends Omit<LegLink, 'from' | 'to'> {
  readonly from: Leg;
  readonly to: Leg | null;
}

/** What says that there is a link: a code of a leg, and what it was taken to mean. */
export interface Said {
  readonly by: Leg;
  readonly field: CodeField;
  readonly says: EvidenceClause;
  /** How far the inference can be trusted, whatever the code's own confidence is. Default: HIGH. */
  readonly atMost?: Confidence;
}

/** Returns a link that rests on one code. `to`: null where what followed is in no record. */
export function createLink(kind: LinkKind, from: Leg, to: Leg | null, { by, field, says, atMost }: Said): Link {
  const evidence = [codeEvidence(by, field, says, atMost)];
  return { kind, from, to, confidence: confidenceOf(evidence), evidence };
}

/** A link as it is published. */
export function publicLink({ kind, from, to, confidence, evidence }: Link): LegLink {
  return { kind, from: from.position, to: to?.position ?? null, confidence, evidence };
}
