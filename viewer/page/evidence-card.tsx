import type { Call, Evidence } from '../graph/answer.js';
import { LegLinks } from './leg-links.js';
import { marking } from './marks.js';
import { useTold } from './told.js';

/** What is said of outcome and ending, and the fields that it rests on. */
export function EvidenceCard({ call: { evidence, ending } }: { readonly call: Call }) {
  const { say } = useTold();
  return (
    <section class="card" aria-labelledby="evidence">
      <h2 id="evidence">{say('evidence')}</h2>
      <EvidenceList title={say('evidence.verdict')} evidence={evidence} />
      {ending && <EvidenceList title={say('evidence.ending')} evidence={ending.evidence} />}
    </section>
  );
}

function EvidenceList({ title, evidence }: { readonly title: string; readonly evidence: readonly Evidence[] }) {
  if (evidence.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul class="evidence">
        {evidence.map((piece, index) => (
          <EvidenceItem key={index} piece={piece} />
        ))}
      </ul>
    </>
  );
}

function EvidenceItem({ piece }: { readonly piece: Evidence }) {
  const { say } = useTold();
  const { leg, field, code, name, value, says, confidence } = piece;
  const legs = leg === null ? [] : [leg];
  return (
    <li {...marking(legs)}>
      <p>
        {capitalised(says)} <LegLinks legs={legs} />
      </p>
      <p class="small">
        <span class="mono">
          {field} {[code, name, value].filter((part) => part !== null).join(' ')}
        </span>
        <span class={`confidence ${confidence}`}>{say(`confidence.${confidence}`)}</span>
      </p>
    </li>
  );
}

/** A clause as the begin of a line; one that begins with the name of a field stays as it is. */
function capitalised(clause: string): string {
  return clause.replace(/^[a-z]+(?= )/, (word) => word.charAt(0).toUpperCase() + word.slice(1));
}
