import { IntlMessageFormat } from 'intl-messageformat';
import type { Catalogue, Language, MessageKey } from './catalogue.js';
import { EN } from './en.js';
import { ZH } from './zh.js';

/** All messages, by language. */
export const CATALOGUES: Readonly<Record<Language, Catalogue>> = { en: EN, zh: ZH };

/** Returns a message with its arguments filled in. */
export type Say = (key: MessageKey, values?: Readonly<Record<string, string | number>>) => string;

/** Returns what speaks a language. Each message is parsed once, when it is first said. */
export function createMessages(language: Language): Say {
  const parsed = new Map<MessageKey, IntlMessageFormat>();
  return (key, values = {}) => {
    let message = parsed.get(key);
    if (message === undefined) {
      message = new IntlMessageFormat(CATALOGUES[language][key], language, undefined, { ignoreTag: true });
      parsed.set(key, message);
    }
    return String(message.format<string>(values));
  };
}

/** Beside these characters no space is written. */
const WIDE = '[\\u2e80-\\uffef]';
const WIDE_STOP = '[，。；：、（）]';
const NEEDLESS_SPACE = new RegExp(`(?<=${WIDE}) +(?=${WIDE})| +(?=${WIDE_STOP})|(?<=${WIDE_STOP}) +|(?<= ) +`, 'gu');

/** A sentence as it is written: with a capital letter, and without spaces between Chinese characters. */
export function sentenceOf(text: string): string {
  const trimmed = text.trim().replace(NEEDLESS_SPACE, '');
  return trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
}
