import type { EN } from './en.js';

/** The languages of the page. */
export const LANGUAGES = ['en', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];

/** What the page says, by key. */
export type TextKey = keyof typeof EN;

/** All texts of one language: a text, or the two forms of one that depends on `count`. */
export type Catalogue = {
  readonly [Key in TextKey]: (typeof EN)[Key] extends string ? string : readonly [one: string, other: string];
};
