import type { Call } from './answer.js';
import { AskError } from './ask-error.js';

/** What a long call is asked for section by section. */
export const SECTIONS = ['legs', 'timeline', 'story', 'links'] as const;
export type Section = (typeof SECTIONS)[number];

/** Asks for a call with some of its sections. Null: there is no such call. Rejects with an AskError. */
export type AskSections = (sections: readonly Section[]) => Promise<Call | null>;

/** A call that was put together. */
export interface JoinedCall {
  /** Null: there is no such call. */
  readonly call: Call | null;
  /** Sections that are too long for one answer even by themselves. */
  readonly missing: readonly Section[];
}

/** Sections are asked for so often at most, until they tell of one state of the call. */
const MOST_ROUNDS = 4;

/**
 * Returns a call whose sections were asked for one by one, all from the same state of the call: what is of an older one is
 * asked for again. Rejects with an AskError; its code is CHANGING if the call changed in every round.
 */
export async function askInSections(ask: AskSections): Promise<JoinedCall> {
  let parts: readonly Part[] = [];
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    const newest = Math.max(...parts.map(askedAt));
    const known = parts;
    parts = await Promise.all(
      SECTIONS.map(async (section, index) => {
        const part = known[index];
        return part !== undefined && askedAt(part) === newest ? part : askPart(ask, section);
      }),
    );
    if (new Set(parts.map(askedAt)).size === 1) return joined(parts);
  }
  throw new AskError('CHANGING', 'the call changed while its parts were asked for');
}

interface Part {
  readonly section: Section;
  readonly call: Call | null;
  /** The section is not in `call`. */
  readonly isTooLong: boolean;
}

async function askPart(ask: AskSections, section: Section): Promise<Part> {
  try {
    return { section, call: await ask([section]), isTooLong: false };
  } catch (error) {
    if (!isTooLong(error)) throw error;
    return { section, call: await ask([]), isTooLong: true };
  }
}

/** Whether an answer would have more fields than the gateway allows. */
export function isTooLong(error: unknown): boolean {
  return error instanceof AskError && error.code === 'OPERATION_TOO_COMPLEX';
}

/** Which state of the call it tells of; before all others if it knows none. Unit: ms since 1970-01-01 UTC. */
function askedAt({ call }: Part): number {
  return call === null ? -Infinity : Date.parse(call.freshness.askedAt);
}

/** One call out of parts of one state. */
function joined(parts: readonly Part[]): JoinedCall {
  const found = parts.flatMap(({ call }) => call ?? []);
  const missing = parts.filter((part) => part.isTooLong).map(({ section }) => section);
  const [first] = found;
  if (!first) return { call: null, missing };
  const sentences = found.flatMap(({ narrative }) => narrative.sentences ?? []);
  return { call: Object.assign({}, ...found, { narrative: { ...first.narrative, sentences } }) as Call, missing };
}
