import type { Finding } from '../graph/answer.js';
import { durationText } from '../time/duration.js';
import { LegLinks } from './leg-links.js';
import { marking } from './marks.js';
import { useTold } from './told.js';

/** Most findings that are shown: of more, the first. */
const SHOWN = 40;

/** What may be wrong with the records; each finding leads to its legs. */
export function FindingsCard({ findings }: { readonly findings: readonly Finding[] }) {
  const { say } = useTold();
  return (
    <section class="card" aria-labelledby="findings">
      <h2 id="findings">{say('findings')}</h2>
      {findings.length === 0 ? (
        <p class="sound">{say('findings.none')}</p>
      ) : (
        <ul class="findings">
          {findings.slice(0, SHOWN).map((finding, index) => (
            <FindingItem key={index} finding={finding} />
          ))}
        </ul>
      )}
      {findings.length > SHOWN && <p>… {findings.length}</p>}
    </section>
  );
}

function FindingItem({ finding }: { readonly finding: Finding }) {
  const { say, language } = useTold();
  const { code, severity, sentence, legs, numbers, ms, field, value, count } = finding;
  const facts = [
    numbers.length > 0 && `callIdNum ${numbers.join(', ')}`,
    ms !== null && durationText(ms, language),
    field !== null && `${field}${value === null ? '' : ` ${value}`}`,
    count !== null && count > 1 && `× ${count}`,
  ].filter((fact) => fact !== false);
  return (
    <li class={severity} title={code} {...marking(legs)}>
      <span class="severity">{say(`severity.${severity}`)}</span>
      <span>
        {sentence} {facts.length > 0 && <span class="mono">{facts.join(' · ')} </span>}
        <LegLinks legs={legs} />
      </span>
    </li>
  );
}
