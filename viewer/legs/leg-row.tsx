import type { Call, Leg } from '../graph/answer.js';
import { useTold } from '../page/told.js';
import { LegDetails } from './leg-details.js';
import { beginText, deviceText, durationOf, msText } from './leg-texts.js';

interface LegRowProps {
  readonly leg: Leg;
  readonly call: Call;
  readonly isWhole: boolean;
  readonly isOpen: boolean;
  /** Whether the Tab key enters the table here. */
  readonly isEntry: boolean;
  readonly onOpen: (leg: number | null) => void;
}

/** One leg, and its details once they are opened. */
export function LegRow({ leg, call, isWhole, isOpen, isEntry, onOpen }: LegRowProps) {
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
          {isWhole ? (
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
          ) : (
            <span id={`leg-${position}`} tabIndex={-1}>
              {deviceText(leg, told)}
            </span>
          )}
        </th>
        <td role="cell" class="begin">
          {beginText(leg, start, call.legs[position - 2], told) || '—'}
        </td>
        <td role="cell" class="duration">
          {ms === null ? <abbr title={say('noDuration')}>—</abbr> : msText(ms, told)}
        </td>
        {(['waiting', 'ringing', 'connected'] as const).map((name) => (
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
      {isOpen && isWhole && (
        <tr role="row" class="details">
          <td role="cell" aria-colspan={8} colSpan={8}>
            <LegDetails id={detailsId} leg={leg} onClose={close} />
          </td>
        </tr>
      )}
    </>
  );
}
