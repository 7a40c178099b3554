/** States whose bars are hatched, so that colour alone does not tell them apart. */
const HATCHED: ReadonlySet<string> = new Set(['RINGING', 'HOLD', 'UNACCOUNTED', 'CONSULT']);

/** The fill of bars of a state. Hatches are drawn by `Hatches`. */
export function fillOf(state: string): { readonly class: string; readonly fill?: string } {
  return HATCHED.has(state) ? { class: `bar ${state}`, fill: `url(#hatch-${state})` } : { class: `bar ${state}` };
}

/** A small square in the colour of a state. */
export function Swatch({ state }: { readonly state: string }) {
  return (
    <svg class="swatch" width="12" height="12" aria-hidden="true">
      <rect width="12" height="12" rx="2" {...fillOf(state)} />
    </svg>
  );
}

/** The hatches of all bars on the page. */
export function Hatches() {
  return (
    <svg class="hatches" width="0" height="0" aria-hidden="true">
      <defs>
        {[...HATCHED].map((state) => (
          <pattern
            key={state}
            id={`hatch-${state}`}
            width="6"
            height="6"
            patternUnits="userSpaceOnUse"
            patternTransform={state === 'HOLD' ? 'rotate(-45)' : 'rotate(45)'}
          >
            <rect width="6" height="6" class={`hatch-ground ${state}`} />
            <rect width="3" height="6" class={`hatch-line ${state}`} />
          </pattern>
        ))}
      </defs>
    </svg>
  );
}
