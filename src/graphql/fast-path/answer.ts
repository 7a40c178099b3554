import type { Root } from './plan.js';
import type { View } from './view.js';

/** The body of an answer, in the order in which it is sent. Strings are ASCII: their length is their length in bytes. */
export type Pieces = readonly (Buffer | string)[];

const START = Buffer.from('{"data":{');
const COMMA = ',';
const LIST_END = ']';
const END = Buffer.from('}}\n');

/** Returns the body of an answer: of each field its name, and the views of its calls. `views`: of all fields, one after the other. */
export function concatenate(
  fields: readonly { readonly root: Root; readonly requests: { readonly length: number } }[],
  views: readonly View[],
): Pieces {
  const pieces: (Buffer | string)[] = [START];
  let next = 0;
  for (const { root, requests } of fields) {
    pieces.push(root.head);
    for (let index = 0; index < requests.length; index += 1) {
      if (index > 0) pieces.push(COMMA);
      addView(views[next++] as View, pieces);
    }
    if (root.isList) pieces.push(LIST_END);
  }
  pieces.push(END);
  return pieces;
}

function addView({ parts, age }: View, pieces: (Buffer | string)[]): void {
  for (let index = 0; index < parts.length; index += 1) {
    if (index > 0) pieces.push(age());
    pieces.push(parts[index] as Buffer);
  }
}

/** Returns the distinct canonical keys of the calls whose phone numbers the views show, masked or not. */
export function numbersShownBy(views: readonly View[]): readonly string[] {
  const shown: string[] = [];
  for (const { showsNumbers, keyText } of views) if (showsNumbers) shown.push(keyText);
  return shown.length > 1 ? [...new Set(shown)] : shown;
}
