/** Characters that a terminal obeys instead of showing: controls, C1 among them, and marks that turn the direction of text. */
const CONTROL = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Returns a text of one line that commands no terminal. */
export function clean(text: string): string {
  return text.replace(CONTROL, '\ufffd');
}

/** Returns a text of several lines that commands no terminal. Ends of lines stay as they are. */
export function cleanLines(text: string): string {
  return text
    .split(/(\r?\n)/)
    .map((part, index) => (index % 2 === 0 ? clean(part) : part))
    .join('');
}

/** Returns a value as JSON that commands no terminal and means the same. `indent`: spaces a level; 0: one line. */
export function jsonText(value: unknown, indent = 0): string {
  return JSON.stringify(value, null, indent).replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
