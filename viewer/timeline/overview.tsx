import { useMemo, useRef } from 'preact/hooks';
import { useTold } from '../page/told.js';
import { Bars, openingLegs } from './bars.js';
import type { Bar } from './lanes.js';
import { percentAt, within, type Range } from './range.js';

interface OverviewProps {
  readonly bars: readonly Bar[];
  readonly whole: Range;
  /** Null: all is shown. */
  readonly range: Range | null;
  readonly onRange: (range: Range | null) => void;
  readonly titleOf: (bar: Bar) => string;
}

const HEIGHT = 26;
/** A shorter way of the pointer is a click. Unit: pixels. */
const DRAG_PX = 5;

/** What the customer met, from end to end. Drawn over with the pointer, a part is chosen; keys and buttons do the same. */
export function Overview({ bars, whole, range, onRange, titleOf }: OverviewProps) {
  const { openLeg } = useTold();
  const drawn = useMemo(
    () => <Bars bars={bars} range={whole} y={2} height={HEIGHT - 4} titleOf={titleOf} />,
    [bars, whole, titleOf],
  );
  const dragFrom = useRef<number | null>(null);
  /** Whether the last way of the pointer chose a part: the click that ends it means no bar. */
  const hasChosen = useRef(false);
  const instantAt = (event: PointerEvent & { readonly currentTarget: SVGSVGElement }) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    return whole.from + ((event.clientX - left) / width) * (whole.to - whole.from);
  };
  const end = (event: PointerEvent & { readonly currentTarget: SVGSVGElement }) => {
    const begin = dragFrom.current;
    dragFrom.current = null;
    if (begin === null) return;
    const at = instantAt(event);
    const pxPerMs = event.currentTarget.getBoundingClientRect().width / (whole.to - whole.from);
    hasChosen.current = Math.abs(at - begin) * pxPerMs > DRAG_PX;
    if (hasChosen.current) onRange(within({ from: Math.min(begin, at), to: Math.max(begin, at) }, whole));
  };
  return (
    <svg
      class="overview"
      width="100%"
      height={HEIGHT}
      aria-hidden="true"
      onClick={(event) => {
        if (!hasChosen.current) openingLegs(openLeg)(event);
      }}
      onPointerDown={(event) => {
        hasChosen.current = false;
        dragFrom.current = instantAt(event);
      }}
      onPointerUp={end}
      onPointerLeave={() => (dragFrom.current = null)}
    >
      {drawn}
      {range && <Frame range={range} whole={whole} />}
    </svg>
  );
}

/** What is shown below, and shade over the rest. */
function Frame({ range, whole }: { readonly range: Range; readonly whole: Range }) {
  const [from, to] = [percentAt(whole, range.from), percentAt(whole, range.to)];
  return (
    <g class="frame">
      <rect class="shade" x="0" width={`${from.toFixed(3)}%`} height={HEIGHT} />
      <rect class="shade" x={`${to.toFixed(3)}%`} width={`${(100 - to).toFixed(3)}%`} height={HEIGHT} />
      <rect
        class="edge"
        x={`${from.toFixed(3)}%`}
        width={`${Math.max(0.4, to - from).toFixed(3)}%`}
        y="1"
        height={HEIGHT - 2}
        rx="2"
      />
    </g>
  );
}
