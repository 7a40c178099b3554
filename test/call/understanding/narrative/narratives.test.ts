import { describe, expect, it } from '@jest/globals';
import { LANGUAGES, type Language } from '../../../../src/call/understanding/narrative/catalogue.js';
import { TEXT_FORMS } from '../../../../src/call/understanding/narrative/narrator.js';
import { fixture } from '../../../fixtures/fixture.js';
import { STORIES, traceOf, type Story } from '../support.js';
import { narrativeOf, textOf } from './support.js';

/** By story and language: the headline, then each sentence with the positions of its legs. Each was read by eye. */
const NARRATIVES = JSON.parse(fixture('narratives.json')) as Readonly<
  Record<string, Record<Language, readonly string[]>>
>;

interface Mentions {
  readonly timeZone: string;
  readonly mentions: readonly string[];
  readonly mustNotMention: readonly string[];
}
const cases = STORIES.flatMap((story) => LANGUAGES.map((language) => [story.name, language, story] as const));

function linesOf(story: Story, language: Language): string[] {
  const { timeZone } = story.expect.narrative as Mentions;
  const { headline, sentences } = narrativeOf(traceOf(story), language, timeZone);
  return [headline, ...sentences.map(({ text, legs }) => `${text} [${legs.join(', ')}]`)];
}

describe('the narrative of a story', () => {
  it.each(cases)('of %s, in %s, is what was read by eye', (name, language, story) => {
    expect(linesOf(story, language)).toEqual(NARRATIVES[name]?.[language]);
  });

  it('is there for each story and for nothing else', () => {
    expect(Object.keys(NARRATIVES)).toEqual(STORIES.map(({ name }) => name));
  });

  it.each(cases)('of %s, in %s, mentions who and when, and no phone number', (_, language, story) => {
    const { timeZone, mentions, mustNotMention } = story.expect.narrative as Mentions;
    const narrative = linesOf(story, language).join('\n');
    for (const mention of mentions) expect(narrative).toContain(mention);
    const texts = TEXT_FORMS.map((form) => textOf(traceOf(story), form, language, timeZone));
    for (const number of mustNotMention) for (const text of [narrative, ...texts]) expect(text).not.toContain(number);
  });
});
