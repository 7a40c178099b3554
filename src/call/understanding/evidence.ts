import type { Confidence } from '../codes/code-row.js';
import type { EvidenceClause } from './clauses.js';
import { lowest, rowOf, type CodeField } from './dictionary.js';
import type { Leg } from './legs.js';
import type { Evidence, Readings } from './understanding.js';

/** Evidence by a code of a leg. `atMost`: how far the inference can be trusted, whatever the code's own confidence is. */
export function codeEvidence(leg: Leg, field: CodeField, says: EvidenceClause, atMost: Confidence = 'HIGH'): Evidence {
  const code = leg.record[field];
  const row = code === null ? undefined : rowOf(field, code);
  const name = code === null ? null : (row?.name ?? 'UNKNOWN');
  const own = code !== null && row === undefined ? 'LOW' : (row?.confidence ?? 'HIGH');
  return { leg: leg.position, field, code, name, value: null, says, confidence: lowest([own, atMost]) };
}

/** Evidence by a time of a leg, or of the timeline (no leg). Unit: ms since 1970-01-01 UTC. */
export function timeEvidence(
  leg: Leg | null,
  field: string,
  at: number | null,
  says: EvidenceClause,
  confidence: Confidence = 'HIGH',
): Evidence {
  const value = at === null ? null : new Date(at).toISOString();
  return { leg: leg?.position ?? null, field, code: null, name: null, value, says, confidence };
}

const ACK_BEGIN_SAYS = {
  ring: 'ACK_BEGIN_IS_RING',
  answer: 'ACK_BEGIN_IS_ANSWER',
} as const;
const CALL_BEGIN_SAYS = {
  talk: 'CALL_BEGIN_IS_TALK',
  call: 'CALL_BEGIN_IS_CALL',
} as const;

/** The readings in force. With callBegin as the begin of the call, and ackBegin of ringing, no field tells when people talked. */
export function readingEvidence({ ackBegin, callBegin }: Readings): readonly Evidence[] {
  const shared = { leg: null, code: null, name: null };
  const confidence = ackBegin === 'ring' && callBegin === 'call' ? 'LOW' : 'HIGH';
  return [
    { ...shared, field: 'CMS_ACK_BEGIN', value: ackBegin, says: ACK_BEGIN_SAYS[ackBegin], confidence },
    { ...shared, field: 'CMS_CALL_BEGIN', value: callBegin, says: CALL_BEGIN_SAYS[callBegin], confidence },
  ];
}

/** How far a statement can be trusted that rests on all of these. */
export function confidenceOf(evidence: readonly Evidence[]): Confidence {
  return lowest(evidence.map(({ confidence }) => confidence));
}
