import { useTold } from '../page/told.js';
import { durationText } from '../time/duration.js';
import { GridLines } from './axis.js';
import { Bars } from './bars.js';
import type { Bar, Lane } from './lanes.js';
import type { Range } from './range.js';

interface LaneRowProps {
  readonly lane: Lane;
  readonly range: Range;
  readonly start: number;
  readonly most: number;
  readonly titleOf: (bar: Bar) => string;
}

const HEIGHT = 34;
/** Lanes of more bars have none that says what it is: each costs as much as a bar. */
const MOST_TITLED = 100;

/** A participant: who it is and how long it had the call, in words; beside it, decoration: when. */
export function LaneRow({ lane, range, start, most, titleOf }: LaneRowProps) {
  const { openLeg } = useTold();
  const { stays, bars, participant } = lane;
  const titles = bars.length > MOST_TITLED ? {} : { titleOf };
  return (
    <li class={`lane ${participant.role}`}>
      <LaneName lane={lane} />
      <svg width="100%" height={HEIGHT} aria-hidden="true">
        <GridLines {...{ range, start, most }} />
        <Bars bars={stays} range={range} y={13} height={8} {...titles} onLeg={openLeg} />
        <Bars bars={bars} range={range} y={8} height={18} {...titles} onLeg={openLeg} />
      </svg>
    </li>
  );
}

const TIMES = ['ring', 'talk', 'hold', 'consult', 'conference'] as const;

function LaneName({ lane: { participant, stays } }: { readonly lane: Lane }) {
  const { say, language } = useTold();
  const { role, deviceId, result, times } = participant;
  const facts = TIMES.flatMap((name) => {
    const ms = times?.[`${name}Ms`] ?? 0;
    return ms > 0 ? [say(`time.${name}`, { duration: durationText(ms, language) })] : [];
  });
  if (result === 'NOT_ANSWERED' || result === 'REJECTED') facts.push(say(`result.${result}`));
  const stayMs = stays.reduce((sum, { from, to }) => sum + Math.max(0, to - from), 0);
  if (!times && stays.length > 0) facts.push(durationText(stayMs, language));
  return (
    <span class="lane-name">
      <b>
        {say(`role.${role}`)} {deviceId}
      </b>
      <small>{facts.join(' · ')}</small>
    </span>
  );
}
