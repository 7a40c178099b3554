import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Call, Leg } from '../graph/answer.js';
import { useTold } from '../page/told.js';
import type { LegBars } from '../timeline/lanes.js';
import type { Range } from '../timeline/range.js';
import { beginText, deviceText } from './leg-texts.js';
import { DURATIONS, LegRow } from './leg-row.js';
import { moveFocus } from './roving-focus.js';

interface LegsTableProps {
  readonly call: Call;
  readonly legs: readonly Leg[];
  /** What is drawn in each row, and of which part of the call; null: nothing has a time. */
  readonly rowBars: readonly LegBars[];
  readonly range: Range | null;
  /** The leg whose details are shown, by position; null: none. */
  readonly opened: number | null;
  /** Whether the legs came with their details. */
  readonly hasDetails: boolean;
  readonly onOpen: (leg: number | null) => void;
}

/** Legs are folded from this number on. */
const FOLDED_FROM = 200;
/** Legs of one fold. */
const FOLD = 50;
const FIRST_FOLD: ReadonlySet<number> = new Set([0]);

/** The legs of a call, each with its details below it when it is opened. */
export function LegsTable({ call, legs, rowBars, range, opened, hasDetails, onOpen }: LegsTableProps) {
  const { say } = useTold();
  const folds = useMemo(() => foldsOf(legs), [legs]);
  const isFoldable = legs.length > FOLDED_FROM;
  const [unfolded, setUnfolded] = useState<ReadonlySet<number>>(FIRST_FOLD);
  // The last fold is out of sight at first: it does not hold up the first frame.
  useEffect(() => {
    if (!isFoldable) return;
    const timer = setTimeout(() => setUnfolded((before) => new Set([...before, folds.length - 1])));
    return () => clearTimeout(timer);
  }, []);
  useEffect(() => {
    if (opened !== null) setUnfolded((before) => new Set([...before, Math.floor((opened - 1) / FOLD)]));
  }, [opened]);
  const toggle = (index: number) =>
    setUnfolded((before) => {
      const after = new Set(before);
      if (!after.delete(index)) after.add(index);
      return after;
    });
  const areAllOpen = unfolded.size === folds.length;
  return (
    <section class="card legs" aria-labelledby="legs">
      <div class="card-head">
        <h2 id="legs">
          {say('legs')} <small>{say('legCount', { count: legs.length })}</small>
        </h2>
        {isFoldable && (
          <button type="button" class="quiet" onClick={() => setUnfolded(new Set(areAllOpen ? [] : folds.keys()))}>
            {say(areAllOpen ? 'foldAll' : 'unfoldAll')}
          </button>
        )}
      </div>
      <table role="table" class={hasDetails ? undefined : 'brief'} aria-labelledby="legs" onKeyDown={moveFocus}>
        <thead role="rowgroup">
          <tr role="row">
            {['position', 'device', 'begin', 'duration', 'bars', ...(hasDetails ? DURATIONS : []), 'leave'].map(
              (column) => (
                <th key={column} role="columnheader" scope="col" class={column} aria-hidden={column === 'bars'}>
                  {say(`column.${column}`)}
                </th>
              ),
            )}
          </tr>
        </thead>
        {folds.map((fold, index) => (
          <tbody
            key={index}
            role="rowgroup"
            class={!isFoldable ? '' : unfolded.has(index) ? 'foldable open' : 'foldable'}
          >
            {isFoldable && (
              <FoldRow legs={fold} call={call} isOpen={unfolded.has(index)} onToggle={() => toggle(index)} />
            )}
            {(!isFoldable || unfolded.has(index)) && (
              <FoldRows
                {...{ call, rowBars, range, hasDetails, onOpen }}
                legs={fold}
                opened={fold.some(({ position }) => position === opened) ? opened : null}
              />
            )}
          </tbody>
        ))}
      </table>
    </section>
  );
}

/** The rows of a fold. They are kept as they are while only others change, for there may be thousands. */
function FoldRows({ call, legs, rowBars, range, opened, hasDetails, onOpen }: LegsTableProps) {
  return useMemo(
    () =>
      legs.map((leg) => (
        <LegRow
          key={leg.position}
          {...{ leg, call, hasDetails, range, onOpen }}
          rowBars={rowBars[leg.position - 1]}
          isOpen={opened === leg.position}
          isEntry={leg === legs[0] || leg.position === opened}
        />
      )),
    [call, legs, rowBars, range, opened, hasDetails, onOpen],
  );
}

function foldsOf(legs: readonly Leg[]): (readonly Leg[])[] {
  if (legs.length <= FOLDED_FROM) return [legs];
  return Array.from({ length: Math.ceil(legs.length / FOLD) }, (_, index) =>
    legs.slice(index * FOLD, (index + 1) * FOLD),
  );
}

interface FoldRowProps {
  readonly legs: readonly Leg[];
  readonly call: Call;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

/** The head of a fold: which legs, from when, at which devices. */
function FoldRow({ legs, call, isOpen, onToggle }: FoldRowProps) {
  const told = useTold();
  const [first, last] = [legs[0], legs.at(-1)];
  if (!first || !last) return null;
  const devices = [...new Set(legs.map((leg) => deviceText(leg, told)))];
  const start = call.startedAt === null ? null : Date.parse(call.startedAt);
  return (
    <tr role="row" class="fold-head">
      <td role="cell" colSpan={9}>
        <button type="button" aria-expanded={isOpen} onClick={onToggle}>
          <b>{told.say('chunk', { first: first.position, last: last.position })}</b>
          <span>{beginText(first, start, call.legs?.[first.position - 2], told)}</span>
          <small>
            {devices.slice(0, 4).join(', ')}
            {devices.length > 4 && ' …'}
          </small>
        </button>
      </td>
    </tr>
  );
}
