import { FINAL } from '../../simulator/trace-record.js';
import type { GraphqlErrorBody } from './client.js';
import { legsAt, OTHER_STORIES, type SoakKey, type SoakLeg } from './soak-calls.js';

/** What clients of a soak ask. */
export const DOCUMENT = `query ($keys: [CallKeyInput!]!, $refresh: Boolean) {
  calls(keys: $keys, refresh: $refresh) {
    callId vdn complete
    legs { callIdNum deviceNo callBegin callEnd leaveReasonCode }
    freshness { stale final askedAt source }
  }
}`;

/** What came of the items that were asked for. */
export interface SoakCounts {
  items: number;
  /** As the contact centre had them when it was asked. */
  right: number;
  /** Those among them that were marked as stale. */
  stale: number;
  /** Those among them that are final. */
  final: number;
  /** Those among them that changed while the soak ran. */
  live: number;
  /** Calls across the end of a month of which one month could not be asked: the legs of the other, not complete. */
  partial: number;
  /** What the contact centre told while it told another story; none of them could be known for one. */
  told: number;
  /** Items that differ from what the contact centre had. */
  wrong: number;
  /** Items that were no longer fresh, and not marked as stale. */
  unmarked: number;
  /** Items with neither data nor a code of the contract. */
  uncoded: number;
}

/** Judges items, and counts. */
export interface SoakJudge {
  readonly counts: Readonly<SoakCounts>;
  /** Coded errors, by code. */
  readonly errors: Readonly<Record<string, number>>;
  /** The first few items that were wrong or not marked. */
  readonly examples: readonly string[];
  /** An operation without any data. */
  uncoded(items: number): void;
  /** `askedAt`: when the operation was sent. Unit: ms since 1970-01-01 UTC. */
  judge(key: SoakKey, item: SoakItem | null | undefined, error: GraphqlErrorBody | undefined, askedAt: number): void;
}

/** A call as the graph shows it. */
export interface SoakItem {
  readonly vdn: number;
  readonly callId: string;
  readonly complete: boolean;
  readonly legs: readonly {
    readonly callIdNum: number;
    readonly deviceNo: string | null;
    readonly callBegin: string | null;
    readonly callEnd: string | null;
    readonly leaveReasonCode: number | null;
  }[];
  readonly freshness: {
    readonly stale: boolean;
    readonly final: boolean;
    readonly askedAt: string;
    readonly source: string;
  };
}

/** How long calls are fresh in a soak: whatever is not final by the shorter time. Unit: ms. */
export const FINAL_FRESH_MS = 2_000;
export const OTHER_FRESH_MS = 1_000;

const CODES = new Set([
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_OVERLOADED',
  'UPSTREAM_AUTH_FAILED',
  'UPSTREAM_REJECTED',
  'UPSTREAM_MALFORMED',
]);
/** `Date` counts whole seconds: what is dated was asked up to so much later. Unit: ms. */
const DATE_ERROR_MS = 1_100;
/** A request reaches the contact centre so long after it was sent at the latest: then its attempt is over. Unit: ms. */
const UNDER_WAY_MS = 900;
const STEP_MS = 50;
const EXAMPLES = 5;

/** Nothing judged yet. */
export function createSoakJudge(): SoakJudge {
  const counts: SoakCounts = {
    items: 0,
    right: 0,
    stale: 0,
    final: 0,
    live: 0,
    partial: 0,
    told: 0,
    wrong: 0,
    unmarked: 0,
    uncoded: 0,
  };
  const errors: Record<string, number> = {};
  const examples: string[] = [];
  const known = new Map<string, SoakLeg[] | null>();
  return {
    counts,
    errors,
    examples,
    uncoded(items) {
      counts.items += items;
      counts.uncoded += items;
    },
    judge(key, item, error, askedAt) {
      counts.items += 1;
      const code = String(error?.extensions['code']);
      if (error && CODES.has(code)) errors[code] = (errors[code] ?? 0) + 1;
      else if (error || item === undefined) counts.uncoded += 1;
      else if (item === null) judgeNotFound(key, askedAt);
      else judgeFound(key, item, askedAt);
    },
  };

  /** A call that is not found may be there by now, if it has just begun. */
  function judgeNotFound(key: SoakKey, askedAt: number): void {
    const wasThere = legsOfCall(key, askedAt - OTHER_FRESH_MS - DATE_ERROR_MS) !== null;
    if (!wasThere) counts.right += 1;
    else if (key.storied) counts.told += 1;
    else wrong(`${nameOf(key)}: not found`);
  }

  function judgeFound(key: SoakKey, item: SoakItem, operationAt: number): void {
    const { stale, final, askedAt, source } = item.freshness;
    const askedMs = Date.parse(askedAt);
    const freshMs = (final ? FINAL_FRESH_MS : OTHER_FRESH_MS) + DATE_ERROR_MS;
    if (!stale && askedMs + freshMs < operationAt) {
      counts.unmarked += 1;
      example(`${nameOf(key)} from ${source}: asked ${operationAt - askedMs} ms before it, not marked`);
    }
    const legs = legsOf(item);
    const got = JSON.stringify(legs);
    const isItself = item.callId === key.callId && item.vdn === key.vdn;
    if (isItself && isState(key, got, askedMs)) {
      const isOver = got === JSON.stringify(legsOfCall(key, Infinity));
      if (final && !isOver) return wrong(`${nameOf(key)}: final, and went on`);
      counts.right += 1;
      if (stale) counts.stale += 1;
      if (final) counts.final += 1;
      if (key.live && !isOver) counts.live += 1;
      return;
    }
    const whole = legsOfCall(key, Infinity) ?? [];
    if (isItself && key.crossesMonthEnd && !item.complete && isPart(legs, whole)) counts.partial += 1;
    else if (isItself && key.storied && isTold(got, whole)) counts.told += 1;
    else
      wrong(
        `${nameOf(key)} from ${source}, asked at ${askedAt}: ${got} in place of ${JSON.stringify(legsOfCall(key, askedMs))}`,
      );
  }

  /** Whether a call was so when it was asked for. */
  function isState(key: SoakKey, got: string, askedAt: number): boolean {
    for (let after = 0; after <= DATE_ERROR_MS + UNDER_WAY_MS; after += STEP_MS) {
      if (got === JSON.stringify(legsOfCall(key, askedAt + after))) return true;
      if (!key.live) return false;
    }
    return false;
  }

  /** Of a call that is over the same at every instant: it is worked out once. */
  function legsOfCall(key: SoakKey, at: number): SoakLeg[] | null {
    if (key.live) return legsAt(key, at);
    const name = nameOf(key);
    let legs = known.get(name);
    if (legs === undefined) known.set(name, (legs = legsAt(key, at)));
    return legs;
  }

  function wrong(text: string): void {
    counts.wrong += 1;
    example(text);
  }

  function example(text: string): void {
    if (examples.length < EXAMPLES) examples.push(text);
  }
}

function isPart(legs: readonly SoakLeg[], whole: readonly SoakLeg[]): boolean {
  const text = JSON.stringify(whole);
  return (
    legs.length > 0 &&
    legs.every((leg) => leg[0] !== FINAL || whole.length > 1) &&
    legs.every((leg) => text.includes(JSON.stringify(leg)))
  );
}

function isTold(got: string, whole: readonly SoakLeg[]): boolean {
  return Object.values(OTHER_STORIES).some((tell) => JSON.stringify(tell(whole)) === got);
}

function legsOf(item: SoakItem): SoakLeg[] {
  return item.legs.map((leg) => [leg.callIdNum, leg.deviceNo, leg.callBegin, leg.callEnd, leg.leaveReasonCode]);
}

function nameOf({ vdn, callId }: SoakKey): string {
  return `${vdn}/${callId}`;
}
