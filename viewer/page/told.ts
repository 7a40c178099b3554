import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Unit } from '../browser/permalink.js';
import type { Leg } from '../graph/answer.js';
import type { Dictionary } from '../graph/dictionary.js';
import type { Language } from '../texts/catalogue.js';
import type { Say } from '../texts/say.js';
import type { Clock } from '../time/clock.js';

/** How everything on the page is told, and what happens when a leg is pointed at. */
export interface Told {
  readonly say: Say;
  readonly language: Language;
  readonly clock: Clock;
  readonly unit: Unit;
  readonly dictionary: Dictionary;
  /** Opens the details of a leg, and moves there. */
  readonly openLeg: (position: number) => void;
  /** Asks for a leg with its details; null if there is none. Rejects with an AskError. */
  readonly loadLeg: (position: number) => Promise<Leg | null>;
}

/** For all parts of the page below. */
export const ToldContext = createContext<Told | null>(null);

/** How everything is told here. Throws outside a page. */
export function useTold(): Told {
  const told = useContext(ToldContext);
  if (!told) throw new Error('outside a page');
  return told;
}
