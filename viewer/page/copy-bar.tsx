import { useState } from 'preact/hooks';
import { addressOf, type View } from '../browser/permalink.js';
import { copyText } from '../browser/copy.js';
import { TEXT_FORMS, type Graph, type TextForm } from '../graph/ask.js';
import { errorText } from './problem-view.js';
import { useTold } from './told.js';

interface CopyBarProps {
  readonly view: View;
  readonly graph: Graph;
  readonly announce: (text: string) => void;
}

/** Copies the call in one of its forms, or the link to what is shown. */
export function CopyBar({ view, graph, announce }: CopyBarProps) {
  const { say, language } = useTold();
  const [byHand, setByHand] = useState<string | null>(null);
  const copy = async (form: TextForm | 'link') => {
    try {
      const text =
        form === 'link'
          ? new URL(addressOf(view), location.href).href
          : await graph.text(view, { language, zone: view.zone }, form);
      const isCopied = await copyText(text);
      setByHand(isCopied ? null : text);
      announce(isCopied ? say(`copied.${form}`) : say('copyByHand'));
    } catch (error) {
      announce(say('copyFailed', { reason: errorText(error, say) }));
    }
  };
  return (
    <section class="card copy" aria-labelledby="copy">
      <h2 id="copy">{say('copy')}</h2>
      <div class="row">
        {[...TEXT_FORMS, 'link' as const].map((form) => (
          <button type="button" key={form} onClick={() => void copy(form)}>
            {say(`copy.${form}`)}
          </button>
        ))}
      </div>
      {byHand !== null && (
        <label class="by-hand">
          <span>{say('copyByHand')}</span>
          <textarea readOnly rows={8} value={byHand} onFocus={({ currentTarget }) => currentTarget.select()} />
        </label>
      )}
    </section>
  );
}
