import { useTold } from '../page/told.js';
import { offsetText } from '../time/duration.js';
import { percentAt, ticksOf, type Range } from './range.js';

interface AxisProps {
  readonly range: Range;
  /** When the call began. */
  readonly start: number;
  /** Room for so many labels. */
  readonly most: number;
}

/** The scale of the lanes. */
export function Axis({ range, start, most }: AxisProps) {
  const { clock, unit } = useTold();
  const textOf = (at: number) => (unit === 'clock' ? clock.time(at) : offsetText(at - start));
  return (
    <svg class="axis" width="100%" height="18" aria-hidden="true">
      {ticksOf(range, start, most).map((at) => {
        const x = percentAt(range, at);
        const place = `${x.toFixed(3)}%`;
        return (
          <g key={at}>
            <line x1={place} x2={place} y1="13" y2="18" />
            <text x={place} y="10" text-anchor={x < 4 ? 'start' : x > 94 ? 'end' : 'middle'}>
              {textOf(at)}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

/** The lines of the scale behind a lane. */
export function GridLines({ range, start, most }: AxisProps) {
  return (
    <g class="grid-lines">
      {ticksOf(range, start, most).map((at) => {
        const place = `${percentAt(range, at).toFixed(3)}%`;
        return <line key={at} x1={place} x2={place} y1="0" y2="100%" />;
      })}
    </g>
  );
}
