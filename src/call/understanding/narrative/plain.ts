import { headOf, LEG_COLUMNS, type LegRow } from './leg-row.js';
import type { Narrative } from './sentences.js';
import type { Telling } from './telling.js';

/** Columns of a terminal: no line of the plain text takes more. */
const WIDTH = 80;
/** Between two columns of the table. */
const COLUMN_GAP = 2;
/** Widest columns but the last, which takes what is left. */
const MAX_COLUMN = 22;

/** Returns a call as plain text: its narrative, the legs that each sentence tells of, and a table of them. */
export function writePlain(telling: Telling, { headline, sentences }: Narrative, rows: readonly LegRow[]): string {
  const lines = sentences.map(({ text, legs }, index) => {
    const number = `${index + 1}. `;
    return wrap(`${number}${text}${legs.length === 0 ? '' : ` [${legsText(legs)}]`}`, number.length);
  });
  return [wrap(headline, 0), '', ...lines, '', ...table([headOf(telling), ...rows])].join('\n') + '\n';
}

/** Legs in few characters: `1, 3-5`. */
export function legsText(legs: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const leg of legs) {
    const run = runs.at(-1);
    if (run !== undefined && leg === run[1] + 1) run[1] = leg;
    else runs.push([leg, leg]);
  }
  return runs.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(', ');
}

function table(rows: readonly LegRow[]): string[] {
  const widths = LEG_COLUMNS.slice(0, -1).map((column) =>
    Math.min(
      MAX_COLUMN,
      rows.reduce((widest, row) => Math.max(widest, widthOf(row[column])), 0),
    ),
  );
  const left = WIDTH - widths.reduce((sum, width) => sum + width + COLUMN_GAP, 0);
  return rows.map((row) =>
    LEG_COLUMNS.map((column, index) => fill(row[column], widths[index] ?? left))
      .join(' '.repeat(COLUMN_GAP))
      .trimEnd(),
  );
}

/** A text of that width: cut, or with spaces behind it. */
function fill(text: string, width: number): string {
  let cut = text;
  while (widthOf(cut) > width) cut = cut.slice(0, -1);
  if (cut !== text) cut = `${cut.slice(0, -2)}..`;
  return cut + ' '.repeat(width - widthOf(cut));
}

/** Characters that take two columns of a terminal; the texts hold Latin letters and Chinese alone. */
const WIDE = /[\u2e80-\uffef]/gu;

function widthOf(text: string): number {
  return text.length + (text.match(WIDE)?.length ?? 0);
}

/** What stands together on a line: a word or a Chinese character, each with the marks before and behind it; or spaces. */
const UNBREAKABLE = /（*(?:[\u2e80-\uffef]|[^\s\u2e80-\uffef]+)[，。；：、）]*|\s+/gu;

/** A text in lines of at most WIDTH columns; all but the first begin with so many spaces. */
function wrap(text: string, indent: number): string {
  const lines = [''];
  for (const part of text.match(UNBREAKABLE) ?? []) {
    const line = lines.at(-1) ?? '';
    if (widthOf(line) + widthOf(part.trimEnd()) <= WIDTH) lines.splice(-1, 1, line + part);
    else lines.push(' '.repeat(indent) + part.trimStart());
  }
  return lines.map((line) => line.trimEnd()).join('\n');
}
