import { createColors } from 'picocolors';

/** How the picture looks: characters and colours. */
export interface Style {
  /** The character that stands for a state. */
  readonly fill: (state: string) => string;
  /** A call or leg that has no length. */
  readonly tick: string;
  /** Between notes. */
  readonly separator: string;
  /** A text, or a bar, in the colour of a state. */
  readonly paint: (state: string, text: string) => string;
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly warn: (text: string) => string;
  /** A text with no more than the characters that may be used. */
  readonly plain: (text: string) => string;
}

/** For terminals whose characters are UTF-8. */
const BLOCKS: Readonly<Record<string, string>> = {
  IVR: '▒',
  QUEUE: '░',
  ROUTING: '┄',
  RINGING: '▁',
  TALKING: '█',
  HOLD: '▚',
  CONFERENCE: '▓',
  OUTSIDE: '▆',
  CONSULTED: '▄',
  LISTENED: '─',
};
/** For the others, and for those that take two columns for a block. */
const ASCII: Readonly<Record<string, string>> = {
  IVR: '-',
  QUEUE: '.',
  ROUTING: ',',
  RINGING: '~',
  TALKING: '#',
  HOLD: '=',
  CONFERENCE: '%',
  OUTSIDE: '+',
  CONSULTED: 'o',
  LISTENED: '_',
};

/** Returns the style of the output. */
export function createStyle({ colour, ascii }: { readonly colour: boolean; readonly ascii: boolean }): Style {
  const colours = createColors(colour);
  const byState: Readonly<Record<string, (text: string) => string>> = {
    IVR: colours.blue,
    QUEUE: colours.yellow,
    ROUTING: colours.gray,
    RINGING: colours.cyan,
    TALKING: colours.green,
    HOLD: colours.magenta,
    CONFERENCE: colours.green,
    OUTSIDE: colours.green,
    CONSULTED: colours.cyan,
    LISTENED: colours.gray,
    UNACCOUNTED: colours.red,
  };
  const characters = ascii ? ASCII : BLOCKS;
  return {
    fill: (state) => characters[state] ?? (ascii ? ':' : '·'),
    tick: ascii ? '|' : '│',
    separator: ascii ? ' | ' : ' · ',
    paint: (state, text) => (byState[state] ?? String)(text),
    bold: colours.bold,
    dim: colours.dim,
    warn: colours.yellow,
    plain: ascii ? (text) => text.replace(/[–—]/g, '-').replaceAll('·', '|') : String,
  };
}
