import type { CallTrace } from '../../src/call/trace.js';
import { isPastMonth, STORIES, type StoryName, type Tables } from './calls.js';
import type { ModelCentre, Request } from './contact-centre.js';
import type { ModelGateway } from './gateway.js';
import { createHistory, type History } from './history.js';
import { createHoldings, type Holdings } from './holdings.js';
import { DATE_ERROR_MS, describeAnswer, type Breach, type Question } from './question.js';
import { freshForMs, isSettled, type Known, type Leg } from './rules.js';
import type { Tally } from './tally.js';

/** Holds answers against what can be true of them. */
export interface Judge {
  answered(question: Question, result: CallTrace | Error): void;
  /** Holds what was called settled against what has become of the calls. */
  checkSettled(): void;
  readonly history: History;
  readonly holdings: Holdings;
}

export interface JudgeOptions {
  /**
   * Whether no gateway but this one has had to take it that messages were missed, since an instant (ms since 1970-01-01
   * UTC): whoever has to, falls back on nothing.
   */
  readonly isHeard: (gateway: ModelGateway, since: number) => boolean;
  readonly centre: ModelCentre;
  /** The true time. Unit: ms since 1970-01-01 UTC. */
  readonly now: () => number;
  /** Whether what is stale answers at once, and is renewed behind the answer. */
  readonly staleWhileRevalidate: boolean;
  readonly tally: Tally;
  /** Is told of every promise that was broken. */
  readonly breach: Breach;
}

/** Nothing answered yet. */
export function createJudge({ centre, now, isHeard, staleWhileRevalidate, tally, breach: fail }: JudgeOptions): Judge {
  const skewMs = centre.now() - now();
  const history = createHistory(centre, now, tally);
  const holdings = createHoldings({ centre, now, isHeard, tally });
  /** What a call was when it was called settled. */
  const settledAs = new Map<StoryName, string>();

  return {
    answered(question, result) {
      question.endedAt = now();
      if (question.left) return;
      const breach: Breach = (what) =>
        fail(
          `${what}: gateway ${question.gateway.id}, ${question.call}, ${describeAnswer(result, centre.now())}, at ${now()}`,
        );
      tally.count(question.refresh ? 'refresh answered' : 'answered');
      if (result instanceof Error) judgeFailure(question, breach);
      else if (result.records.length === 0) judgeEmpty(question, result, breach);
      else judgeFound(question, result, breach);
    },
    checkSettled() {
      for (const [call, text] of settledAs) {
        const { tables, gone } = centre.known(call);
        const is = textOf(legsOf(tables));
        if (!gone && text !== is) fail(`called settled, and changed: ${call}, ${text} is ${is}`);
      }
    },
    history,
    holdings,
  };

  /** A failure is for whoever waited for it, and only where nothing is held that could stand in. */
  function judgeFailure(question: Question, breach: Breach): void {
    tally.count('failed');
    if (!history.isExcused(question)) breach('a failure that was not met by this question');
    if (!question.refresh && holdings.usableFor(question)) breach('a failure, although a trace is held');
  }

  /** "No such call" is what the contact centre said, a short while ago, and never of a call that was found. */
  function judgeEmpty(question: Question, trace: CallTrace, breach: Breach): void {
    const { gateway, call, beganAt, refresh, since } = question;
    const { month, isInOneMonth } = STORIES[call];
    if (holdings.usableFor(question)?.settled) breach('no such call, although a settled one is held');
    const told = centre.requests.filter(
      (one) => one.call === call && one.month === month && one.legs.length === 0 && one.state === 'answered',
    );
    const latest = told.at(-1);
    if (!latest) return breach('no such call, which the contact centre never said');
    const freshUntil = latest.arrivedAt + freshForMs(knownOf(latest), told.length) + DATE_ERROR_MS;
    const isNew = told.some((one) => one.endedAt >= beganAt);
    if (!trace.stale && !isNew && freshUntil <= beganAt) breach('no such call, long ago, and not marked');
    const wasFound = (history.newestBefore(question, month)?.legs.length ?? 0) > 0;
    if (wasFound && !centre.known(call).gone) breach('no such call, after it was found');
    holdings.checkNotAsked(question, breach);
    if (trace.stale) return;
    const asked = centre.requests.slice(since).filter((one) => one.gateway === gateway.id && one.call === call);
    tally.count(asked.length > 0 ? 'not found' : 'not found, held');
    const [only] = asked;
    if (asked.length !== 1 || only?.legs.length !== 0 || refresh || !isInOneMonth) return;
    if (history.wasConnected(gateway, only) && !history.wasJustForgotten(only))
      holdings.keepEmpty(question, only, knownOf(only));
  }

  /** A call is what the contact centre told, whole, not too long ago, and nothing older than what was known. */
  function judgeFound(question: Question, trace: CallTrace, breach: Breach): void {
    const { gateway, call, since } = question;
    const story = STORIES[call];
    const parts = partsOf(trace, call, breach);
    const [first] = parts;
    if (!first) return;
    if (trace.key.callId !== story.callId) breach('the key of another call');
    if (trace.key.month !== parts.map(({ month }) => month).sort()[0])
      breach('the key of a month that was only asked for');
    tally.count(
      trace.stale ? 'stale' : parts.every(({ serial }) => serial > since) ? 'asked' : `held in ${trace.source}`,
    );
    if (trace.stale && isKeptOverEmpty(question)) tally.count('kept over an empty answer');
    if (parts.length > 1) tally.count('merged from two months');
    if (first.month !== story.month) tally.count('found in the month beside');
    for (const part of parts) judgePart(question, part, trace, breach);
    judgeSettled(question, trace, parts, breach);
    holdings.checkNotAsked(question, breach);
    holdings.found(gateway, call);
    for (const part of parts) history.answered(gateway, part);
    const isKept = !trace.stale && story.isInOneMonth && !history.wasJustForgotten(first);
    if (isKept && history.wasConnected(gateway, first)) holdings.keep(gateway, first, knownOf(first));
  }

  function judgePart(question: Question, part: Request, trace: CallTrace, breach: Breach): void {
    const { gateway, call, beganAt, refresh, since } = question;
    if (part.state !== 'answered') breach('an answer that failed');
    const isNew = partsOf(trace, call, breach).some(({ endedAt }) => endedAt >= beganAt);
    const freshUntil = part.arrivedAt + freshForMs(knownOf(part), 1) + DATE_ERROR_MS;
    if (!trace.stale && !isNew && freshUntil <= beganAt) breach('no longer fresh, and not marked');
    if (!isKeptOverEmpty(question)) {
      if (refresh && part.serial <= since) breach('a refresh answered with what was asked before it');
      const told = centre.requests
        .slice(since)
        .filter((one) => one.gateway === gateway.id && one.call === call && one.month === part.month);
      // Of two months one may be asked for by another question, and what is renewed behind an answer comes after it.
      const isOwn = STORIES[call].isInOneMonth && !(trace.stale && staleWhileRevalidate);
      if (isOwn && told.some((one) => one.state === 'answered' && one.version > part.version))
        breach('older than what it had just been told');
    }
    if ((history.newestBefore(question, part.month)?.version ?? 0) > part.version)
      breach('older than what the same gateway had answered');
    if (!trace.stale) history.checkBetweenGateways(question, part, breach);
    history.checkForgotten(question, part, breach);
  }

  /** What is called settled is whole and over for long, and does not change any more. */
  function judgeSettled(
    { gateway, call }: Question,
    trace: CallTrace,
    parts: readonly Request[],
    breach: Breach,
  ): void {
    const legs = parts.flatMap((part) => part.legs);
    const askedAt = Math.min(...parts.map(({ arrivedAt }) => arrivedAt)) + skewMs;
    const isCalledSettled = gateway.path.lifeOf(trace).reason === 'settled';
    if (isCalledSettled && !isSettled({ legs, askedAt })) breach('called settled, and may still change');
    if (!isCalledSettled && isSettled({ legs, askedAt: askedAt - DATE_ERROR_MS })) breach('not called settled');
    if (!isCalledSettled) return;
    tally.count('settled');
    settledAs.set(call, textOf(legs));
  }

  /** A settled call stays, marked stale, although it is not found any more. */
  function isKeptOverEmpty({ call, since }: Question): boolean {
    return centre.requests.slice(since).some((one) => one.call === call && one.legs.length === 0);
  }

  /** The requests whose answers a trace is made of, one for each month; none if it is made of anything else. */
  function partsOf(trace: CallTrace, call: StoryName, breach: Breach): Request[] {
    const serials = new Set(trace.records.map(({ callerNo }) => Number(callerNo)));
    const parts = [...serials]
      .map((serial) => centre.requests[serial - 1])
      .filter((part) => part?.call === call) as Request[];
    const told = trace.records.map(({ callIdNum, callBegin, callEnd, deviceIn }) => ({
      number: callIdNum,
      beginAt: callBegin ?? 0,
      endAt: callEnd,
      edition: Number(deviceIn),
    }));
    const isOfCall = parts.length === serials.size && trace.records.every(({ deviceNo }) => deviceNo === call);
    const isWhole = textOf(told) === textOf(parts.flatMap(({ legs }) => legs));
    if (isOfCall && isWhole && new Set(parts.map(({ month }) => month)).size === parts.length) return parts;
    breach(isOfCall ? 'not what the contact centre had told' : 'data of another call');
    return [];
  }

  function knownOf({ legs, arrivedAt, month, call }: Request): Known {
    const { startedAt } = STORIES[call];
    const mayBeginBefore = startedAt === null || startedAt < Date.parse(`${month}-01T00:00:00Z`);
    return { legs, askedAt: arrivedAt + skewMs, isPastMonth: isPastMonth(month), mayBeginBefore, startedAt };
  }
}

function legsOf(tables: Tables): Leg[] {
  return Object.values(tables).flatMap((legs) => legs ?? []);
}

function textOf(legs: readonly Leg[]): string {
  return JSON.stringify([...legs].sort((a, b) => a.number - b.number || a.beginAt - b.beginAt));
}
