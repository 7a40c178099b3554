import { axisOf, barOf } from './bar.js';
import type { Finding, PicturedCall } from './call.js';
import { clean } from './clean.js';
import { rowsOf, type Row } from './rows.js';
import type { Style } from './style.js';
import { padEnd, widthOf, wrap, wrapIndented } from './text-width.js';
import { shortDuration, type Words } from './words.js';

/** How a call is drawn. */
export interface Drawing {
  /** Columns. */
  readonly width: number;
  readonly style: Style;
  readonly words: Words;
}

/** Fewer columns show no bars. */
const LEAST_WITH_BARS = 60;
/** The label of a row takes no more of a line than this. */
const MOST_LABEL = 24;
/** The notes of a row take no more of a line with bars than this. */
const NOTES_SHARE = 0.4;

/** Returns a call as a picture in text: what it came to, a bar for each leg, and what is wrong with the records. */
export function drawCall(call: PicturedCall, drawing: Drawing): string {
  const { width, style, words } = drawing;
  const { durationMs } = call.totals;
  const facts = [`${words.call} ${clean(call.callId)}`, `VDN ${call.vdn}`, shortDuration(durationMs, words)];
  const { headline, sentences = [] } = call.narrative;
  const rows = rowsOf(call, Date.parse(call.startedAt ?? '1970-01-01'), words);
  const lines = [
    ...wrap(facts.join(style.separator), width).map(style.dim),
    ...wrap(style.plain(clean(headline)), width).map(style.bold),
    ...staleNote(call, drawing),
    '',
    ...linesOf(rows, durationMs, drawing),
    ...(sentences.length === 0 ? [] : ['']),
    ...sentences.flatMap(({ text }, index) => {
      const number = `${index + 1}. `;
      return wrapIndented(`${number}${style.plain(clean(text))}`, width, number.length);
    }),
    ...warningLines(call.findings, drawing),
  ];
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

/** Returns what a call came to, in one line. */
export function headlineOf({ narrative }: Pick<PicturedCall, 'narrative'>, { plain }: Style): string {
  return `${plain(clean(narrative.headline))}\n`;
}

function staleNote({ freshness }: PicturedCall, { width, style, words }: Drawing): string[] {
  if (!freshness.stale) return [];
  return wrap(`${words.stale} ${clean(freshness.askedAt)}`, width).map(style.warn);
}

function linesOf(rows: readonly Row[], durationMs: number, drawing: Drawing): string[] {
  const { width, style } = drawing;
  const digits = String(rows.length).length;
  const labels = rows.map(({ label }) => cut(clean(label), MOST_LABEL));
  const labelWidth = Math.max(...labels.map(widthOf));
  const left = digits + 1 + labelWidth + 1;
  const notes = rows.map((row) => row.notes.map((note) => style.plain(clean(note))));
  const most = width < LEAST_WITH_BARS ? width : Math.floor(width * NOTES_SHARE);
  const notesWidth = Math.min(most, Math.max(...notes.map((texts) => widthOf(texts.join(style.separator)))));
  const bars = width < LEAST_WITH_BARS ? 0 : width - left - 2 - notesWidth;
  const right = bars === 0 ? left : left + bars + 2;
  const drawn = rows.flatMap((row, index) => {
    const name = `${String(row.position ?? '').padStart(digits)} ${padEnd(labels[index] ?? '', labelWidth)} `;
    const bar = bars === 0 ? '' : `${barOf(row, durationMs, bars, style)}  `;
    const [first = '', ...more] = noteLines(notes[index] ?? [], width - right, style);
    return [name + bar + first, ...more.map((line) => ' '.repeat(right) + line)];
  });
  return bars === 0 ? drawn : [' '.repeat(left) + style.dim(axisOf(durationMs, bars)), ...drawn];
}

/** Notes in lines: as many on one as it has room for. */
function noteLines(notes: readonly string[], width: number, { separator }: Style): string[] {
  const lines: string[] = [];
  for (const note of notes) {
    const [first = '', ...more] = wrap(note, width);
    const longer = lines.length === 0 ? first : `${lines.at(-1) ?? ''}${separator}${first}`;
    if (more.length === 0 && widthOf(longer) <= width) lines.splice(-1, 1, longer);
    else lines.push(first, ...more);
  }
  return lines;
}

function cut(text: string, width: number): string {
  let shown = text;
  while (widthOf(shown) > width) shown = shown.slice(0, -1);
  return shown;
}

function warningLines(findings: PicturedCall['findings'], { width, style, words }: Drawing): string[] {
  const warnings = warningsOf(findings);
  if (warnings.length === 0) return [];
  const lines = warnings.flatMap(({ code, sentence, legs, ms }) => {
    const about = [
      clean(code),
      ...(legs.length === 0 ? [] : [words.legs(legs)]),
      ...(ms === null ? [] : [shortDuration(ms, words)]),
    ];
    return wrapIndented(`! ${clean(sentence)} (${about.join(', ')})`, width, 2);
  });
  return ['', ...wrap(words.warnings, width), ...lines].map((line) => (line === '' ? line : style.warn(line)));
}

/** Returns the findings after which what is derived may be wrong. */
export function warningsOf<One extends Finding>(findings: readonly One[]): One[] {
  return findings.filter(({ severity }) => severity === 'WARNING');
}
