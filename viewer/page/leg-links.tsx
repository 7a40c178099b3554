import { useTold } from './told.js';

/** Most legs that are named one by one. */
const MOST = 8;

/** Buttons that open legs. None for no legs. */
export function LegLinks({ legs }: { readonly legs: readonly number[] }) {
  const { say, openLeg } = useTold();
  return (
    <span class="leg-links">
      {legs.slice(0, MOST).map((leg) => (
        <button
          type="button"
          class="leg-link"
          key={leg}
          data-leg={leg}
          aria-label={say('jumpTo', { leg })}
          onClick={() => openLeg(leg)}
        >
          {leg}
        </button>
      ))}
      {legs.length > MOST && <span>… {legs.length}</span>}
    </span>
  );
}
