import { LRUCache } from 'lru-cache';
import type { CallTrace } from '../../trace.js';
import type { CallUnderstanding } from '../understanding.js';
import type { Language } from './catalogue.js';
import { writeCsv, type RowCodes } from './csv.js';
import { headlineOf } from './headline.js';
import { legRows, type Meanings } from './leg-row.js';
import { writeMarkdown } from './markdown.js';
import { writeMermaid } from './mermaid.js';
import { createMessages, type Say } from './messages.js';
import { createNames } from './names.js';
import { writePlain } from './plain.js';
import { sentencesOf, type Narrative } from './sentences.js';
import type { Telling } from './telling.js';
import { createZoneClock, type ZoneClock } from './zone-clock.js';

/** The forms of a call as text. CSV: its legs alone, in no language. */
export const TEXT_FORMS = ['PLAIN', 'MARKDOWN', 'MERMAID', 'CSV'] as const;
export type TextForm = (typeof TEXT_FORMS)[number];

/** How a call is told. */
export interface TellingOptions {
  readonly language: Language;
  /** Name of an IANA time zone: the times of day are those of its clocks. */
  readonly timeZone: string;
}

/**
 * Tells of calls: the same text for the same call, always, and never a phone number. `understanding` is to be derived from
 * that `trace`. Throws InvalidCallKeyError for a time zone that does not exist.
 */
export interface Narrator {
  narrate(understanding: CallUnderstanding, trace: CallTrace, options: TellingOptions): Narrative;
  textOf(
    understanding: CallUnderstanding,
    trace: CallTrace,
    options: TellingOptions & { readonly as: TextForm },
  ): string;
}

/** Clocks that are kept: each takes a millisecond to make, and some kilobytes. */
const MAX_CLOCKS = 16;

/** Returns what tells of calls, with the codes named by these dictionaries. */
export function createNarrator(codes: RowCodes): Narrator {
  const messages: Readonly<Record<Language, Say>> = { en: createMessages('en'), zh: createMessages('zh') };
  const rows = codes.leaveReason.rows;
  const reasons: Readonly<Record<Language, Meanings>> = {
    en: new Map(rows.map(({ code, meaning }) => [code, meaning])),
    zh: new Map(rows.map(({ code, zh }) => [code, zh])),
  };
  const clocks = new LRUCache<string, ZoneClock>({ max: MAX_CLOCKS });

  return {
    narrate: (understanding, trace, options) => narrativeOf(tellingOf(understanding, trace, options)),
    textOf(understanding, trace, { as, ...options }) {
      const telling = tellingOf(understanding, trace, options);
      switch (as) {
        case 'PLAIN':
          return writePlain(telling, narrativeOf(telling), legRows(telling, reasons[options.language]));
        case 'MARKDOWN':
          return writeMarkdown(telling, narrativeOf(telling), legRows(telling, reasons[options.language]));
        case 'MERMAID':
          return writeMermaid(telling, narrativeOf(telling));
        case 'CSV':
          return writeCsv(telling, codes);
      }
    },
  };

  function tellingOf(understanding: CallUnderstanding, trace: CallTrace, options: TellingOptions): Telling {
    const say = messages[options.language];
    const names = createNames(say, trace.records, understanding);
    return { understanding, trace, say, names, clock: clockOf(options.timeZone) };
  }

  function clockOf(timeZone: string): ZoneClock {
    const clock = clocks.get(timeZone) ?? createZoneClock(timeZone);
    clocks.set(timeZone, clock);
    return clock;
  }
}

function narrativeOf(telling: Telling): Narrative {
  return { headline: headlineOf(telling), sentences: sentencesOf(telling) };
}
