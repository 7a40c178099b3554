import { parseCallId } from './call-id.js';
import { layOut } from './plan.js';
import { createRandom } from './random.js';
import { scenarioFor } from './scenarios.js';
import { createCallSeed } from './scenarios/call-seed.js';
import { inTableOf, nextMonthBegins } from './tables.js';
import { asOf, type TraceRecord } from './trace-record.js';
import { isVendorSample, VENDOR_SAMPLE_RECORD } from './vendor-sample.js';

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

/** The records that the asked table holds now for a call; empty if nothing is known of it there. */
export function traceOf(query: TraceQuery, world: World): TraceRecord[] {
  const records = isVendorSample(query) ? [VENDOR_SAMPLE_RECORD] : asOf(world.now, wholeTrace(query, world));
  return inTableOf(query.logDate, world.timeZone, records);
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
