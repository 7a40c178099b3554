import type { Leg } from '../graph/answer.js';
import type { Told } from '../page/told.js';
import { durationText, offsetText } from '../time/duration.js';

/** What held a leg, with its ID. */
export function deviceText({ deviceType, deviceNo }: Leg, { say }: Pick<Told, 'say'>): string {
  return `${say(`device.${deviceType ?? 'UNKNOWN'}`)} ${deviceNo ?? ''}`.trim();
}

/** When a leg began, by the unit of the page. `start`: of the call; `previous`: of the leg before. Empty if it is not known. */
export function beginText(leg: Leg, start: number | null, previous: Leg | undefined, told: Told): string {
  if (!leg.startedAt) return '';
  const at = Date.parse(leg.startedAt);
  const since = told.unit === 'previous' && previous?.startedAt ? Date.parse(previous.startedAt) : start;
  if (told.unit !== 'clock' && since !== null) return offsetText(at - since);
  const days = start === null ? 0 : told.clock.daysFrom(start, at);
  return days === 0 ? told.clock.time(at) : `${told.clock.time(at)} ${days > 0 ? '+' : '−'}${Math.abs(days)}`;
}

/** How long a leg lasted; null if a time is missing, or the times are the wrong way round. Unit: ms. */
export function durationOf({ startedAt, endedAt }: Leg): number | null {
  if (!startedAt || !endedAt) return null;
  const ms = Date.parse(endedAt) - Date.parse(startedAt);
  return ms < 0 ? null : ms;
}

/** A duration, or a dash for one that is not known or none. */
export function msText(ms: number | null | undefined, { language }: Pick<Told, 'language'>): string {
  return ms === null || ms === undefined ? '—' : durationText(ms, language);
}
