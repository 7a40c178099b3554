import stringWidth from 'fast-string-width';

/** Returns how many columns of a terminal a text takes: two for a Chinese character. */
export function widthOf(text: string): number {
  return stringWidth(text);
}

/** Returns a text with spaces behind it up to a width; a longer one as it is. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** What stays together on a line: a word, or a Chinese character, with the marks before and behind it; or spaces. Texts hold no other white space. */
const UNBREAKABLE = /[（《“]*(?:[\u2e80-\uffef]|[^ \u2e80-\uffef]+)[，。；：、）》”]*| +/gu;

/** Returns a text in lines of at most so many columns. A word that is longer than a line is cut; at a no-break space no line ends. At least one line. */
export function wrap(text: string, width: number): string[] {
  const lines = [''];
  for (const part of (text.match(UNBREAKABLE) ?? []).flatMap((unit) => cut(unit, width))) {
    const line = lines.at(-1) ?? '';
    if (widthOf(line) + widthOf(part.trimEnd()) <= width) lines[lines.length - 1] = line + part;
    else lines.push(part.trimStart());
  }
  return lines.map((line) => line.trimEnd().replaceAll('\u00a0', ' '));
}

function cut(unit: string, width: number): string[] {
  if (widthOf(unit) <= width) return [unit];
  const pieces = [''];
  for (const character of unit) {
    const piece = pieces.at(-1) ?? '';
    if (widthOf(piece + character) <= width) pieces[pieces.length - 1] = piece + character;
    else pieces.push(character);
  }
  return pieces;
}

/** Returns a text in lines as `wrap` does; all but the first begin with so many spaces. */
export function wrapIndented(text: string, width: number, indent: number): string[] {
  return wrap(text, width - indent).map((line, index) => (index === 0 ? line : ' '.repeat(indent) + line));
}
