import type { Bar } from './lanes.js';
import { percentAt, type Range } from './range.js';
import { fillOf } from './swatch.js';

/** More bars than this have no titles: each costs as much as a bar. */
const MOST_TITLED = 100;
/** A bar that is narrower is drawn as a line two pixels wide. Unit: per cent. */
const NARROW = 0.3;
/** Narrow bars of a state that lie no farther apart are one line. Unit: per cent. */
const APART = 0.25;

interface BarsProps {
  readonly bars: readonly Bar[];
  readonly range: Range;
  readonly y: number;
  readonly height: number;
  readonly titleOf?: ((bar: Bar) => string) | undefined;
}

/** For the drawing that the bars are in: opens the leg whose bar is clicked. One listener for all, for there may be many. */
export function openingLegs(openLeg: (leg: number) => void) {
  return (event: MouseEvent) => {
    const leg = event.target instanceof Element ? event.target.closest('[data-leg]')?.getAttribute('data-leg') : null;
    if (leg) openLeg(Number(leg));
  };
}

/** Bars as far as they lie in a range. Bars too near to be told apart are drawn once, so their number is bounded. */
export function Bars({ bars, range, y, height, titleOf }: BarsProps) {
  const isTitled = titleOf !== undefined && bars.length <= MOST_TITLED;
  const lastNarrow = new Map<string, number>();
  return (
    <>
      {bars.map((bar, index) => {
        const { from, to, state, leg } = bar;
        if ((to <= range.from && from < range.from) || (from >= range.to && to > range.to)) return null;
        const x = Math.max(0, percentAt(range, from));
        const width = Math.min(100, percentAt(range, to)) - x;
        const common = {
          key: index,
          'data-leg': leg ?? undefined,
        };
        const title = isTitled && <title>{titleOf(bar)}</title>;
        if (width >= NARROW)
          return (
            <rect
              {...common}
              {...fillOf(state)}
              x={`${x.toFixed(3)}%`}
              width={`${width.toFixed(3)}%`}
              y={y}
              height={height}
              rx="2"
            >
              {title}
            </rect>
          );
        if (x - (lastNarrow.get(state) ?? -1) < APART) return null;
        lastNarrow.set(state, x);
        const at = `${Math.min(x, 99.9).toFixed(3)}%`;
        return <line {...common} class={`tick ${state}`} x1={at} x2={at} y1={y} y2={y + height} />;
      })}
    </>
  );
}
