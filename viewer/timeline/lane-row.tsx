import { useMemo } from 'preact/hooks';
import { useTold } from '../page/told.js';
import { durationText } from '../time/duration.js';
import { GridLines } from './axis.js';
import { Bars, openingLegs } from './bars.js';
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

/** A participant: who it is and how long it had the call, in words; beside it, decoration: when. */
export function LaneRow({ lane, range, start, most, titleOf }: LaneRowProps) {
  const { openLeg } = useTold();
  const { seen, bars, participant } = lane;
  // Kept as they are while only the scale changes.
  const drawn = useMemo(
    () => (
      <>
        <Bars bars={seen} range={range} y={13} height={8} titleOf={titleOf} />
        <Bars bars={bars} range={range} y={8} height={18} titleOf={titleOf} />
      </>
    ),
    [seen, bars, range, titleOf],
  );
  return (
    <li class={`lane ${participant.role}`}>
      <LaneName lane={lane} />
      <svg width="100%" height={HEIGHT} aria-hidden="true" onClick={openingLegs(openLeg)}>
        <GridLines {...{ range, start, most }} />
        {drawn}
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
