import { headOf, LEG_COLUMNS, type LegRow } from './leg-row.js';
import { legsText } from './plain.js';
import type { Narrative } from './sentences.js';
import type { Telling } from './telling.js';

/** Returns a call as GitHub Flavored Markdown: its narrative as a list, and a table of its legs. */
export function writeMarkdown(telling: Telling, { headline, sentences }: Narrative, rows: readonly LegRow[]): string {
  const list = sentences.map(({ text, legs }, index) => {
    const numbers = legs.length === 0 ? '' : ` (${legsText(legs)})`;
    return `${index + 1}. ${escaped(text)}${numbers}`;
  });
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const lineOf = (row: LegRow): string => line(LEG_COLUMNS.map((column) => escaped(row[column])));
  const head = [lineOf(headOf(telling)), line(LEG_COLUMNS.map(() => '---'))];
  return [`**${escaped(headline)}**`, '', ...list, '', ...head, ...rows.map(lineOf)].join('\n') + '\n';
}

/** What Markdown could read as markup. Full stops within words too: they make links of names such as `www.example.com`. */
const MARKUP = /[\\`*_{}[\]<>#|~&!@$^]|(?<=\w)\.(?=\w)/g;

function escaped(text: string): string {
  return text.replace(MARKUP, '\\$&');
}
