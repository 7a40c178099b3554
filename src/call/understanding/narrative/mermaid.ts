import { sentenceOf } from './messages.js';
import type { Narrative, Sentence } from './sentences.js';
import type { Telling } from './telling.js';

/**
 * Returns a call as a sequence diagram of Mermaid: the customer and the devices as participants, what the customer met as
 * notes, and how one leg led to another as arrows.
 */
export function writeMermaid(telling: Telling, { headline, sentences }: Narrative): string {
  const participants = new Map<string, string>();
  const idOf = (name: string): string => {
    const id = participants.get(name) ?? `p${participants.size}`;
    participants.set(name, id);
    return id;
  };
  const customer = idOf(sentenceOf(telling.names.customer));
  const deviceOf = (leg: number): string => idOf(sentenceOf(telling.names.label(leg)));
  const lines = sentences.map((sentence) => `  ${lineOf(sentence, customer, deviceOf)}: ${escaped(sentence.text)}`);
  const declared = [...participants].map(([name, id]) => `  participant ${id} as ${escaped(name)}`);
  return ['sequenceDiagram', `  title ${escaped(headline)}`, ...declared, ...lines].join('\n') + '\n';
}

/** An arrow from leg to leg for a link; else a note over the customer, and the device of a piece of the timeline. */
function lineOf({ legs, about }: Sentence, customer: string, deviceOf: (leg: number) => string): string {
  if (about === 'RECORDS') return `Note over ${customer}`;
  const devices = legs.map(deviceOf);
  const [first, last] = [devices[0] ?? customer, devices.at(-1) ?? customer];
  if (about === 'LINK' && legs.length > 1) return `${first}->>${last}`;
  return first === customer ? `Note over ${customer}` : `Note over ${customer},${last}`;
}

/** Everything but letters, digits, and punctuation that Mermaid gives no meaning to. */
const MARKUP = /[^\p{L}\p{N} .,:()+–，。；：、（）-]/gu;

/** A text with its markup as character references of Mermaid. */
function escaped(text: string): string {
  return text.replace(MARKUP, (character) => `#${character.codePointAt(0)};`);
}
