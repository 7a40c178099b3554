import type { StoryName } from './calls.js';
import type { ModelCentre, Request } from './contact-centre.js';
import { LEASE_MS, type ModelGateway } from './gateway.js';
import { DATE_ERROR_MS, type Breach, type Question } from './question.js';
import type { Tally } from './tally.js';

/** A call that was forgotten, with null for an answer. */
export interface Forgotten {
  readonly by: ModelGateway;
  /** How many requests the contact centre had seen when it began. */
  readonly since: number;
  /** Unit: ms since 1970-01-01 UTC. */
  readonly beganAt: number;
  readonly endedAt: number;
}

/** What was answered of a call's month. */
interface Answered {
  readonly request: Request;
  readonly gateway: ModelGateway;
  /** Unit: ms since 1970-01-01 UTC. */
  readonly endedAt: number;
}

/** What has happened in a run, and what follows from it for an answer. */
export interface History {
  answered(gateway: ModelGateway, request: Request): void;
  forgot(call: StoryName, forgotten: Forgotten): void;
  died(): void;
  redisEmptied(): void;
  /** Whether a failure may be the answer: its own request failed, or nothing could be had in time. */
  isExcused(question: Question): boolean;
  /** Whether Redis, and the messages of the others, were there for a gateway from when something was asked for. */
  wasConnected(gateway: ModelGateway, request: Request): boolean;
  /** Whether a call was asked for so soon after it was forgotten that it is not kept in Redis. */
  wasJustForgotten(request: Request): boolean;
  /** The newest state that the same gateway had answered before, if it can still have it. */
  newestBefore(question: Question, month: string): Request | undefined;
  /** Holds an answer against what the other gateway had answered. */
  checkBetweenGateways(question: Question, part: Request, breach: Breach): void;
  /** Holds an answer against what was forgotten. */
  checkForgotten(question: Question, part: Request, breach: Breach): void;
}

/** Whoever has heard no message for 5 s, or hears a later number in a heartbeat, empties its memory. Unit: ms. */
const RECOVERY_MS = 7_000;
/** So long before its deadline a question is given up that waits for another gateway. Unit: ms. */
const LATE_MARGIN_MS = 100;
/** Messages are heard, and the clocks of two gateways differ, by less than this. Unit: ms. */
const BETWEEN_GATEWAYS_MS = 2_500;
/** A call that was forgotten is not answered from older data after this. Unit: ms. */
const FORGOTTEN_WITHIN_MS = 1_000;
/** What is asked for so soon after a call was forgotten is answered, and not kept in Redis. Unit: ms. */
const NOT_KEPT_MS = 2_000;
/** So many failures in a row open the breaker of a gateway. */
const TO_OPEN = 5;
/** … for so long at most. Unit: ms. */
const LONGEST_PAUSE_MS = 31_000;

/** Nothing has happened yet. */
export function createHistory(centre: ModelCentre, now: () => number, tally: Tally): History {
  const answers: Answered[] = [];
  const forgets = new Map<StoryName, Forgotten[]>();
  const forgetsOf = (call: StoryName): readonly Forgotten[] => forgets.get(call) ?? [];
  let redisEmptiedAt = -Infinity;
  let diedAt = -Infinity;

  return {
    answered: (gateway, request) => void answers.push({ gateway, request, endedAt: now() }),
    forgot: (call, forgotten) => void forgets.set(call, [...forgetsOf(call), forgotten]),
    died() {
      diedAt = now();
    },
    redisEmptied() {
      redisEmptiedAt = now();
    },
    isExcused,
    wasConnected,
    wasJustForgotten,
    newestBefore,
    checkBetweenGateways,
    checkForgotten,
  };

  function isExcused({ gateway, call, beganAt, patienceMs }: Question): boolean {
    const itself = centre.requests.some(
      (one) => one.gateway === gateway.id && one.call === call && one.endedAt >= beganAt && one.state !== 'answered',
    );
    if (itself || mayHaveTripped(gateway)) return true;
    const isLate = now() - beganAt >= patienceMs - LATE_MARGIN_MS;
    const hangs = centre.requests.some((one) => one.call === call && one.endedAt > beganAt + LEASE_MS);
    const isTroubled = diedAt + LEASE_MS > beganAt || gateway.healthySince > beganAt - RECOVERY_MS;
    return isLate && (hangs || isTroubled);
  }

  /** Whether the breaker of a gateway may be open. One failure may be two requests: that over a dead connection is sent anew. */
  function mayHaveTripped(gateway: ModelGateway): boolean {
    const ended = centre.requests.filter((one) => one.gateway === gateway.id && one.state !== 'under way');
    let inARow = 0;
    let openedAt = -Infinity;
    for (const { state, endedAt } of [...ended].sort((a, b) => a.endedAt - b.endedAt)) {
      inARow = state === 'lost' ? inARow + 1 : 0;
      if (inARow >= TO_OPEN) openedAt = endedAt;
    }
    return openedAt + LONGEST_PAUSE_MS > now();
  }

  function wasConnected(gateway: ModelGateway, { arrivedAt }: Request): boolean {
    return gateway.healthySince <= arrivedAt && redisEmptiedAt < arrivedAt;
  }

  function wasJustForgotten({ call, arrivedAt }: Request): boolean {
    return forgetsOf(call).some(({ endedAt }) => endedAt + NOT_KEPT_MS + DATE_ERROR_MS > arrivedAt);
  }

  function newestBefore({ gateway, call, beganAt }: Question, month: string): Request | undefined {
    const before = answers
      .filter((one) => one.gateway === gateway && one.endedAt <= beganAt)
      .map(({ request }) => request)
      .filter((request) => request.call === call && request.month === month)
      .reduce<Request | undefined>((best, one) => (best && best.version >= one.version ? best : one), undefined);
    // Otherwise its memory may have been emptied since, and Redis may not have had what it had.
    return before && wasConnected(gateway, before) ? before : undefined;
  }

  function checkBetweenGateways({ gateway, call, beganAt }: Question, part: Request, breach: Breach): void {
    if (wasJustForgotten(part) || !wasConnected(gateway, part)) return;
    const others = answers.filter(
      (one) =>
        one.gateway !== gateway &&
        one.request.call === call &&
        one.request.month === part.month &&
        one.endedAt + BETWEEN_GATEWAYS_MS <= beganAt &&
        wasConnected(one.gateway, part),
    );
    if (others.length > 0) tally.count('compared between gateways');
    const newer = others.find(({ request }) => request.version > part.version);
    if (newer) breach(`older than what gateway ${newer.gateway.id} had answered`);
  }

  function checkForgotten({ gateway, call, beganAt }: Question, part: Request, breach: Breach): void {
    for (const { by, since, beganAt: forgotAt, endedAt } of forgetsOf(call)) {
      const hasHeard = gateway.healthySince <= forgotAt || gateway.healthySince + RECOVERY_MS <= beganAt;
      const isTold = gateway === by || hasHeard;
      if (!isTold || endedAt + FORGOTTEN_WITHIN_MS > beganAt || redisEmptiedAt >= forgotAt) continue;
      tally.count('asked for after it was forgotten');
      if (part.serial <= since) breach('forgotten, and back again');
    }
  }
}
