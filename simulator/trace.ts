import { parseCallId } from './call-id.js';
import { layOut } from './plan.js';
import { createRandom } from './random.js';
import { scenarioFor } from './scenarios.js';
import { createCallSeed } from './scenarios/call-seed.js';
import { tellStory } from './stories.js';
import { inTableOf, nextMonthBegins } from './tables.js';
import { asOf, type TraceRecord } from './trace-record.js';
import { spellRecords, type WireRecord } from './wire-record.js';

/** What a request asks for. */
export interface TraceQuery {
  ccId: number;
  vdn: number;
  callId: string;
  /** Chooses the month's table. Unit: ms since 1970-01-01 UTC. */
  logDate: number;
}

/** The contact centre that is asked. */
export interface World {
  seed: number;
  timeZone: string;
  /** Unit: ms since 1970-01-01 UTC. */
  now: number;
}

/** The number behind the dash of a call that is never found. */
const NEVER_FOUND = 404;

/** What a table holds for a call. */
export interface FoundTrace {
  /** Empty if nothing is known of the call there. */
  readonly records: readonly TraceRecord[];
  /** These records, or what a fault made of them, in the spelling of this call. */
  readonly toWire: (records: readonly TraceRecord[]) => WireRecord[];
}

/** What the asked table holds now for a call: its story, if it has one, else what is drawn for it. */
export function findTrace(query: TraceQuery, world: World): FoundTrace {
  const identity = identityOf(query, world.seed);
  const story = tellStory(query, world.now);
  if (story === null) {
    const records = inTableOf(query.logDate, world.timeZone, asOf(world.now, wholeTrace(query, world)));
    return { records, toWire: (some) => spellRecords(some, identity) };
  }
  return {
    records: inTableOf(query.logDate, world.timeZone, [...story.keys()]),
    toWire: (some) =>
      some.flatMap((record) => {
        const told = story.get(record);
        return told === undefined ? spellRecords([record], identity) : [told];
      }),
  };
}

/** The records of `findTrace`. */
export function traceOf(query: TraceQuery, world: World): readonly TraceRecord[] {
  return findTrace(query, world).records;
}

/** The text from which everything about a call is drawn, so that whoever asks, and whenever, meets the same call. */
export function identityOf(query: TraceQuery, seed: number): string {
  return [seed, query.ccId, query.vdn, query.callId].join('|');
}

function wholeTrace(query: TraceQuery, world: World): TraceRecord[] {
  const parts = parseCallId(query.callId);
  if (parts === null || parts.startedAt > world.now || parts.number === NEVER_FOUND) return [];
  const random = createRandom(identityOf(query, world.seed));
  const tell = scenarioFor(parts.number, random);
  const plan = tell(createCallSeed(random, nextMonthBegins(parts.startedAt, world.timeZone)));
  return layOut(plan, query.callId, parts.startedAt, random);
}
