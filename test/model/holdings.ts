import type { StoryName } from './calls.js';
import type { ModelCentre, Request } from './contact-centre.js';
import { LEASE_MS, type ModelGateway } from './gateway.js';
import { DATE_ERROR_MS, type Breach, type Question } from './question.js';
import { freshForMs, isSettled, RULES, usableForMs, type Known } from './rules.js';
import type { Tally } from './tally.js';

/** A trace that is held, as far as the model can be sure of it. Unit of all instants: ms since 1970-01-01 UTC. */
export interface Held {
  readonly since: number;
  readonly freshUntil: number;
  readonly usableUntil: number;
  readonly settled: boolean;
}

/** Whose holdings, and of which call: those of all gateways, or of all calls, where nothing is said. */
export interface Which {
  readonly gateway?: ModelGateway;
  readonly call?: StoryName;
  /** Those of Redis, too. */
  readonly redis?: boolean;
}

/** What gateways and Redis must hold, by what was answered. */
export interface Holdings {
  /** A gateway, and Redis, hold what was answered. */
  keep(gateway: ModelGateway, request: Request, known: Known): void;
  /** A gateway holds that a call is not found. */
  keepEmpty(question: Question, request: Request, known: Known): void;
  /** The call was found: the next time it is not is the first one. */
  found(gateway: ModelGateway, call: StoryName): void;
  /** From now on nobody is sure of them. */
  lose(which: Which): void;
  /** What a question can fall back on. */
  usableFor(question: Question): Held | undefined;
  /** Checks that a trace that was fresh when it was asked for caused no request. */
  checkNotAsked(question: Question, breach: Breach): void;
}

/** Whoever has been cut off for so long may have emptied its memory. Unit: ms. */
const REMEMBERS_MS = 4_000;

export interface HoldingsOptions {
  readonly centre: ModelCentre;
  /** The true time. Unit: ms since 1970-01-01 UTC. */
  readonly now: () => number;
  /** See JudgeOptions. */
  readonly isHeard: (gateway: ModelGateway, since: number) => boolean;
  readonly tally: Tally;
}

/** Nothing is held yet. */
export function createHoldings({ centre, now, isHeard, tally }: HoldingsOptions): Holdings {
  /** By gateway and call; of gateway 0: in Redis. */
  const held = new Map<string, Held>();
  /** How often in a row a call was not found; beyond that time nobody remembers. */
  const timesEmpty = new Map<string, { readonly times: number; readonly until: number }>();
  const nameOf = (gateway: ModelGateway | null, call: StoryName): string => `${gateway?.id ?? 0} ${call}`;

  return {
    keep(gateway, { call, arrivedAt }, known) {
      const asDated = { ...known, askedAt: known.askedAt - DATE_ERROR_MS };
      const from = arrivedAt - DATE_ERROR_MS;
      const one = {
        since: now(),
        freshUntil: from + Math.min(freshForMs(known, 1), freshForMs(asDated, 1)),
        usableUntil: from + Math.min(usableForMs(known), usableForMs(asDated)),
        settled: isSettled(asDated),
      };
      held.set(nameOf(gateway, call), one);
      held.set(nameOf(null, call), one);
    },
    keepEmpty({ gateway, call, beganAt }, { arrivedAt }, known) {
      const name = nameOf(gateway, call);
      const before = timesEmpty.get(name);
      const times = before && before.until > beganAt ? before.times + 1 : 1;
      const freshUntil = arrivedAt + freshForMs(known, times) - DATE_ERROR_MS;
      timesEmpty.set(name, { times, until: freshUntil + RULES.maxNotFoundMs });
      held.set(name, { since: now(), freshUntil, usableUntil: -Infinity, settled: false });
    },
    found: (gateway, call) => void timesEmpty.delete(nameOf(gateway, call)),
    lose({ gateway, call, redis }) {
      for (const map of [held, timesEmpty])
        for (const name of [...map.keys()]) {
          const [id, story] = name.split(' ');
          const isOf = gateway === undefined ? redis === true || id !== '0' : id === String(gateway.id);
          if (isOf && (call === undefined || story === call)) map.delete(name);
        }
    },
    usableFor,
    checkNotAsked,
  };

  function usableFor(question: Question): Held | undefined {
    const { gateway, call, beganAt, patienceMs, sharesRefresh, sharedSince } = question;
    if (!isHeard(gateway, beganAt)) return undefined;
    const remembers = now() < gateway.cutAt + REMEMBERS_MS;
    // A refresh reads nothing, and whoever shares one has nothing of Redis to fall back on.
    const reads = gateway.healthySince <= beganAt && patienceMs > LEASE_MS && !sharesRefresh();
    return [remembers && held.get(nameOf(gateway, call)), reads && held.get(nameOf(null, call))]
      .filter((one) => one !== false && one !== undefined)
      .find((one) => one.since < sharedSince() && one.usableUntil > now() && (one.settled || !isGone(call, one.since)));
  }

  /** Whether the contact centre has said since then that there is no such call. */
  function isGone(call: StoryName, since: number): boolean {
    return centre.requests.some(
      (one) => one.call === call && one.legs.length === 0 && one.state !== 'lost' && one.endedAt >= since,
    );
  }

  function checkNotAsked(question: Question, breach: Breach): void {
    const { gateway, call, beganAt, since, refresh } = question;
    const last = held.get(nameOf(gateway, call));
    const wasFresh = last !== undefined && last.since < beganAt && beganAt < last.freshUntil;
    if (!wasFresh || refresh || gateway.cutAt < Infinity || now() > beganAt) return;
    tally.count('fresh, not asked');
    const asked = centre.requests.slice(since).some((one) => one.gateway === gateway.id && one.call === call);
    if (asked) breach('asked for although it was fresh');
  }
}
