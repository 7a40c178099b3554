import type { Row } from './rows.js';
import type { Style } from './style.js';
import { clockText } from './words.js';

/** Returns the bar of a row, so many columns wide. `durationMs`: of the whole call. */
export function barOf(
  { segments, instant }: Pick<Row, 'segments' | 'instant'>,
  durationMs: number,
  width: number,
  style: Style,
): string {
  const columnOf = (ms: number): number => (ms / Math.max(1, durationMs)) * width;
  const runs: { text: string; state: string | null }[] = [];
  let column = 0;
  const put = (state: string | null, character: string, from: number, to: number): void => {
    const begin = Math.min(Math.max(Math.floor(from), column), width - 1);
    // What is too short for a column has one, too.
    const end = Math.min(Math.max(Math.round(to), begin + 1), width);
    if (begin < column) return; // no column is left
    runs.push({ text: ' '.repeat(begin - column), state: null }, { text: character.repeat(end - begin), state });
    column = end;
  };
  for (const { state, from, to } of segments) put(state, style.fill(state), columnOf(from), columnOf(to));
  if (instant !== null) put(null, style.tick, columnOf(instant), columnOf(instant));
  runs.push({ text: ' '.repeat(width - column), state: null });
  return runs.map(({ text, state }) => (state === null ? text : style.paint(state, text))).join('');
}

/** Steps of the axis. Unit: s. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];
/** Columns for a label and the space beside it. */
const LABEL_COLUMNS = 10;

/** Returns the axis over the bars: times since the start of the call, at most so many columns wide. */
export function axisOf(durationMs: number, width: number): string {
  const seconds = durationMs / 1000;
  const most = Math.max(1, Math.floor(width / LABEL_COLUMNS));
  const day = STEPS.at(-1) ?? 1;
  const step = STEPS.find((each) => seconds / each <= most) ?? Math.ceil(seconds / most / day) * day;
  let axis = '0';
  for (let at = step; at <= seconds; at += step) {
    const label = clockText(at);
    const column = Math.min(Math.floor((at / seconds) * width), width - label.length);
    if (column > axis.length) axis = axis.padEnd(column) + label;
  }
  return axis;
}
