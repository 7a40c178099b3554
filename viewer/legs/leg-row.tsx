import type { Call, Leg } from '../graph/answer.js';
import { useTold } from '../page/told.js';
import { Bars } from '../timeline/bars.js';
import type { LegBars } from '../timeline/lanes.js';
import type { Range } from '../timeline/range.js';
import { LegDetails } from './leg-details.js';
import { beginText, deviceText, durationOf, msText } from './leg-texts.js';

interface LegRowProps {
  readonly leg: Leg;
  readonly call: Call;
  /** What is drawn in its row; left out if there is no time to draw. */
  readonly rowBars?: LegBars | undefined;
  /** Of which part of the call. */
  readonly range: Range | null;
  /** Whether its durations came with it. */
  readonly hasDetails: boolean;
  readonly isOpen: boolean;
  /** Whether the Tab key enters the table here. */
  readonly isEntry: boolean;
  readonly onOpen: (leg: number | null) => void;
}

/** One leg, and its details once they are opened. */
export function LegRow({ leg, call, rowBars, range, hasDetails, isOpen, isEntry, onOpen }: LegRowProps) {
  const told = useTold();
  const { say, dictionary } = told;
  const { position, leaveReason, leaveReasonCode } = leg;
  const detailsId = `details-${position}`;
  const ms = durationOf(leg);
  const start = call.startedAt === null ? null : Date.parse(call.startedAt);
  const reason =
    dictionary.meaningOf('leaveReason', leaveReasonCode)?.text ??
    (leaveReason === 'UNKNOWN' ? say('noMeaning') : (leaveReason ?? ''));
  const toggle = () => {
    onOpen(isOpen ? null : position);
    if (!isOpen) requestAnimationFrame(() => document.getElementById(detailsId)?.focus());
  };
  const close = () => {
    onOpen(null);
    document.getElementById(`leg-${position}`)?.focus();
  };
  return (
    <>
      <tr role="row" class={isOpen ? 'leg open' : 'leg'} data-leg={position}>
        <td role="cell" class="position">
          {position}
        </td>
        <th role="rowheader" scope="row" class="device">
          <button
            type="button"
            id={`leg-${position}`}
            class="leg-button"
            tabIndex={isEntry ? 0 : -1}
            aria-expanded={isOpen}
            aria-controls={isOpen ? detailsId : undefined}
            onClick={toggle}
          >
            {deviceText(leg, told)}
          </button>
        </th>
        <td role="cell" class="begin">
          {beginText(leg, start, call.legs?.[position - 2], told) || '—'}
        </td>
        <td role="cell" class="duration">
          {ms === null ? <abbr title={say('noDuration')}>—</abbr> : msText(ms, told)}
        </td>
        <td class="bars" aria-hidden="true">
          {rowBars && range && <RowBars {...rowBars} range={range} />}
        </td>
        {DURATIONS.slice(hasDetails ? 0 : DURATIONS.length).map((name) => (
          <td key={name} role="cell" class={`${name} minor${leg[`${name}Ms`] == null ? ' none' : ''}`}>
            <span class="narrow-label">{say(`column.${name}`)} </span>
            {msText(leg[`${name}Ms`], told)}
          </td>
        ))}
        <td role="cell" class="leave">
          {leaveReasonCode === null ? (
            '—'
          ) : (
            <>
              <span class="mono">{leaveReasonCode}</span> {reason}
            </>
          )}
        </td>
      </tr>
      {isOpen && (
        <tr role="row" class="details">
          <td role="cell" colSpan={9}>
            <LegDetails id={detailsId} leg={leg} call={call} onClose={close} />
          </td>
        </tr>
      )}
    </>
  );
}

/** What a leg can last, beside its whole. */
export const DURATIONS = ['waiting', 'ringing', 'connected'] as const;

const BAR_HEIGHT = 16;

/** When the leg was, in the part of the call that is shown. Decoration: the row says it in words. */
function RowBars({ stay, bars, range }: LegBars & { readonly range: Range }) {
  return (
    <svg width="100%" height={BAR_HEIGHT}>
      <Bars bars={stay} range={range} y={5} height={6} />
      <Bars bars={bars} range={range} y={2} height={12} />
    </svg>
  );
}
