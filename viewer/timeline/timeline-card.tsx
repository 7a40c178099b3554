import { useCallback, useMemo, useState } from 'preact/hooks';
import type { Call, Leg } from '../graph/answer.js';
import { useTold } from '../page/told.js';
import { durationText, offsetText } from '../time/duration.js';
import { Axis } from './axis.js';
import { LaneRow } from './lane-row.js';
import { customerBars, lanesOf, type Bar } from './lanes.js';
import { Overview } from './overview.js';
import { around, panned, zoomed, type Range } from './range.js';
import { Hatches } from './swatch.js';
import { useWidth } from './use-width.js';
import { ZoomBar } from './zoom-bar.js';

interface TimelineCardProps {
  readonly call: Call;
  readonly whole: Range;
  /** What is shown; null: all. */
  readonly range: Range | null;
  readonly opened: Leg | null;
  readonly onRange: (range: Range | null) => void;
}

/** Lanes that are shown until all are asked for. */
const SHOWN_LANES = 14;
/** Room that a label on the axis takes. Unit: CSS pixels. */
const LABEL_PX = 78;
/** What the names of the lanes take, where they stand beside. Unit: CSS pixels. */
const NAMES_PX = 190;
/** Wider than this, they stand beside. Unit: CSS pixels. */
const NAMES_BESIDE_PX = 560;

/** How many labels there is room for. Unit: CSS pixels. */
const labelsIn = (width: number): number =>
  Math.max(2, Math.floor((width - (width > NAMES_BESIDE_PX ? NAMES_PX : 0)) / LABEL_PX));

/** Where the time went: the customer's time as a strip, below it a lane for each participant. */
export function TimelineCard({ call, whole, range: wanted, opened, onRange }: TimelineCardProps) {
  const { say, language } = useTold();
  const [isHelping, setHelping] = useState(false);
  const [areAll, setAll] = useState(false);
  const [ref, most] = useWidth(labelsIn);
  const lanes = useMemo(() => lanesOf(call), [call]);
  const strip = useMemo(() => customerBars(call.timeline ?? []), [call]);
  const range = wanted ?? whole;
  const shown = areAll ? lanes : lanes.slice(0, SHOWN_LANES);
  const scale = { range, start: whole.from, most };
  const titleOf = useCallback(
    ({ state, from, to, leg }: Bar) =>
      [say(`state.${state}`), durationText(to - from, language), leg !== null && say('jumpTo', { leg })]
        .filter(Boolean)
        .join(' · '),
    [say, language],
  );
  const legRange = rangeOf(opened);
  const actions = {
    in: () => onRange(zoomed(range, 0.5, whole)),
    out: () => onRange(zoomed(range, 2, whole)),
    earlier: () => onRange(panned(range, -0.25, whole)),
    later: () => onRange(panned(range, 0.25, whole)),
    fit: () => onRange(null),
    toLeg: () => legRange && onRange(around(legRange, whole)),
    help: () => setHelping(!isHelping),
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const action = KEYS[event.key];
    if (!action || event.ctrlKey || event.altKey || event.metaKey || event.target !== event.currentTarget) return;
    event.preventDefault();
    actions[action]();
  };
  return (
    <section class="card timeline" aria-labelledby="timeline">
      <Hatches />
      <div class="card-head">
        <h2 id="timeline">{say('timeline')}</h2>
        <ZoomBar actions={actions} isZoomed={wanted !== null} leg={legRange && opened ? opened.position : null} />
      </div>
      <div
        ref={ref}
        class="chart"
        role="group"
        tabIndex={0}
        aria-label={`${say('timeline')}. ${say('timelineHint')}`}
        aria-keyshortcuts="ArrowLeft ArrowRight + - 0 z ?"
        onKeyDown={onKeyDown}
      >
        <div class="lane whole">
          <span class="lane-name">
            <b>{say('wholeCall')}</b>
          </span>
          <Overview bars={strip} {...{ whole, onRange, titleOf }} range={wanted} />
        </div>
        {isHelping && <KeyHelp />}
        <div class="lane scale">
          <span class="lane-name">
            {wanted && (
              <small role="status">
                {say('shown', { from: offsetText(range.from - whole.from), to: offsetText(range.to - whole.from) })}
              </small>
            )}
          </span>
          <Axis {...scale} />
        </div>
        <ul class="lanes">
          {shown.map((lane, index) => (
            <LaneRow key={index} lane={lane} {...scale} titleOf={titleOf} />
          ))}
        </ul>
      </div>
      {shown.length < lanes.length && (
        <button type="button" onClick={() => setAll(true)}>
          {say('allLanes', { count: lanes.length - shown.length })}
        </button>
      )}
    </section>
  );
}

/** Keys that do something while the timeline itself has the focus. */
const KEYS: Readonly<Record<string, 'in' | 'out' | 'earlier' | 'later' | 'fit' | 'toLeg' | 'help'>> = {
  '+': 'in',
  '=': 'in',
  '-': 'out',
  ArrowLeft: 'earlier',
  ArrowRight: 'later',
  '0': 'fit',
  Home: 'fit',
  z: 'toLeg',
  '?': 'help',
};

function KeyHelp() {
  const { say } = useTold();
  return (
    <div class="keys">
      <h3>{say('keys')}</h3>
      <dl>
        {(
          [
            ['← →', 'pan'],
            ['+ −', 'zoom'],
            ['0', 'fit'],
            ['z', 'leg'],
            ['?', 'help'],
          ] as const
        ).map(([key, name]) => (
          <div key={name}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{say(`keys.${name}`)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function rangeOf(leg: Leg | null): Range | null {
  if (!leg?.startedAt || !leg.endedAt) return null;
  const [from, to] = [Date.parse(leg.startedAt), Date.parse(leg.endedAt)];
  return from <= to ? { from, to } : null;
}
