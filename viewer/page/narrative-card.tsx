import { useState } from 'preact/hooks';
import { LegLinks } from './leg-links.js';
import { marking } from './marks.js';
import { useTold } from './told.js';

/** Sentences that are shown until more are asked for. */
const SHOWN = 30;

interface NarrativeProps {
  readonly sentences: readonly { readonly text: string; readonly legs: readonly number[] }[];
}

/** The call, told sentence by sentence. Each marks the legs it tells of. */
export function NarrativeCard({ sentences }: NarrativeProps) {
  const { say } = useTold();
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? sentences : sentences.slice(0, SHOWN);
  return (
    <section class="card" aria-labelledby="narrative">
      <h2 id="narrative">{say('narrative')}</h2>
      <ol class="narrative">
        {shown.map(({ text, legs }, index) => (
          <li key={index} {...marking(legs)}>
            <span>{text}</span> <LegLinks legs={legs} />
          </li>
        ))}
      </ol>
      {shown.length < sentences.length && (
        <button type="button" onClick={() => setWhole(true)}>
          {say('allLanes', { count: sentences.length - shown.length })}
        </button>
      )}
    </section>
  );
}
