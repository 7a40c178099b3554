import type { Catalogue, Language, TextKey } from './catalogue.js';

/** What fills a text in. `count` also chooses between its forms. */
export type Fillings = Readonly<Record<string, string | number>>;

/** Returns a text of the page. A key that is none, such as a value that the graph learned later, is returned as it is. */
export type Say = (key: TextKey | `${string}.${string}`, fillings?: Fillings) => string;

/** Returns what says the texts of a catalogue. */
export function createSay(catalogue: Catalogue, language: Language): Say {
  const plurals = new Intl.PluralRules(language);
  const texts: Readonly<Record<string, string | readonly [string, string] | undefined>> = catalogue;
  return (key, fillings = {}) => {
    const found = texts[key];
    if (found === undefined) return key.slice(key.indexOf('.') + 1);
    const text = typeof found === 'string' ? found : found[plurals.select(Number(fillings['count'])) === 'one' ? 0 : 1];
    return text.replace(/\{(\w+)\}/g, (_, name: string) => String(fillings[name] ?? ''));
  };
}

/** Loads what says the texts of a language. Rejects if the gateway cannot be reached. */
export async function loadSay(language: Language): Promise<Say> {
  const catalogue = language === 'zh' ? (await import('./zh.js')).ZH : (await import('./en.js')).EN;
  return createSay(catalogue, language);
}
