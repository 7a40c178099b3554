import type { Drawing } from './picture.js';
import { createStyle } from './style.js';
import { isUtf8, languageOf, usesColour, type Terminal } from './terminal.js';
import { WORDS, type Language } from './words.js';

/** What the command line says about how output looks. */
export interface LookOptions {
  readonly lang?: Language;
  readonly color: 'auto' | 'always' | 'never';
  readonly ascii?: true;
  readonly width?: number;
}

/** Columns where there is no terminal. */
const DEFAULT_WIDTH = 100;

/** Returns how output looks: as asked, else as terminal and locale can show it. */
export function lookOf(options: LookOptions, terminal: Terminal): Drawing & { readonly language: Language } {
  const { env, stdout } = terminal;
  const language = options.lang ?? languageOf(env);
  return {
    language,
    words: WORDS[language],
    // A terminal of no columns is none.
    width: options.width ?? (stdout.columns || DEFAULT_WIDTH),
    style: createStyle({ colour: usesColour(options.color, terminal), ascii: options.ascii === true || !isUtf8(env) }),
  };
}
