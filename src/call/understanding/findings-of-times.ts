import { FINAL_CDR } from '../trace.js';
import { finding, findingAt, type FindingFacts } from './finding.js';
import type { Leg } from './legs.js';
import { REASON } from './reasons.js';
import { TOLERANCE_MS } from './period.js';
import type { Finding, Hold } from './understanding.js';

/** What the times tell: those that miss, that are reversed, and what lies between the legs. */
export function findingsOfTimes(facts: FindingFacts): readonly Finding[] {
  const { legs, period } = facts;
  const hasNoTime = ({ record }: Leg) =>
    [record.waitBegin, record.ackBegin, record.callBegin, record.callEnd].every((at) => at === null);
  return [
    ...reversedOrder(legs),
    ...gapsAndOverlaps(facts),
    ...findingAt('NO_TIMES', legs, hasNoTime),
    ...findingAt('NO_END', legs, (leg) => !hasNoTime(leg) && lacksEnd(leg, legs, period.isInProgress)),
    ...findingAt('TIME_REVERSED', legs, ({ isReversed }) => isReversed),
    ...doubtfulReading(facts),
  ];
}

/** Without a final CDR the last leg may be open, and so may a leg during which another agent is consulted or rung. */
function lacksEnd({ position, record, part }: Leg, legs: readonly Leg[], isInProgress: boolean): boolean {
  if (record.callEnd !== null) return false;
  if (position === legs.length) return record.callIdNum === FINAL_CDR;
  const next = legs[position]; // positions count from 1
  const isBeside = next !== undefined && (next.part !== 'CUSTOMER' || BESIDE_ANOTHER.has(next.record.enterReason));
  return !(isInProgress && (isBeside || part !== 'CUSTOMER'));
}

/** Legs that began before one with a lower number. */
function reversedOrder(legs: readonly Leg[]): readonly Finding[] {
  const reversed: number[] = [];
  let latest = -Infinity;
  for (const { position, begin } of legs) {
    if (begin === null) continue;
    if (begin < latest - TOLERANCE_MS) reversed.push(position);
    latest = Math.max(latest, begin);
  }
  return reversed.length > 0 ? [finding('ORDER_REVERSED', reversed)] : [];
}

/** A stretch of time that a leg, or a hold, covers. */
interface Cover {
  readonly leg: Leg;
  readonly from: number;
  readonly to: number;
  /** Covers time, but is no stay of the customer at a device: overlaps with it are allowed. */
  readonly isAside: boolean;
}

/** What is between the legs of the customer, by their times: more than the tolerance, and not explained by what the codes say. */
function gapsAndOverlaps({ legs, holds, period }: FindingFacts): readonly Finding[] {
  const covers = [...legs.flatMap(coverOf), ...holds.flatMap((hold) => coverOfHold(hold, legs, period.until))];
  covers.sort((a, b) => a.from - b.from);
  const findings: Finding[] = [];
  let last: Cover | null = null;
  let until = -Infinity;
  for (const cover of covers) {
    const gapMs = cover.from - until;
    const overlapMs = Math.min(until, cover.to) - cover.from;
    if (last !== null && gapMs > TOLERANCE_MS && !cover.isAside)
      findings.push(finding('GAP', pair(last.leg, cover.leg), { ms: gapMs }));
    if (last !== null && overlapMs > TOLERANCE_MS && !isExplained(last, cover))
      findings.push(finding('OVERLAP', pair(last.leg, cover.leg), { ms: overlapMs }));
    if (cover.to > until) [last, until] = [cover, cover.to];
  }
  return findings;
}

/** A leg without an end may have lasted for any time: what comes after it is no gap. */
function coverOf(leg: Leg): readonly Cover[] {
  const { begin, record, part, isReversed } = leg;
  if (begin === null || part === 'MONITOR') return [];
  const end = leg.end ?? Infinity;
  const to = isReversed ? Math.max(begin, record.callBegin ?? begin, leg.end ?? begin) : end;
  return [{ leg, from: begin, to, isAside: part !== 'CUSTOMER' || isReversed || end === Infinity }];
}

function coverOfHold(hold: Hold, legs: readonly Leg[], until: number | null): readonly Cover[] {
  const leg = legs[hold.from - 1];
  return leg ? [{ leg, from: hold.startedAt, to: hold.endedAt ?? until ?? hold.startedAt, isAside: true }] : [];
}

/** Enter reasons of a leg that lies beside another: help, conference, a transfer that waits, queues at once, consultations. */
const BESIDE_ANOTHER: ReadonlySet<number | null> = new Set([
  REASON.THREE_PARTY_HELP,
  REASON.THREE_PARTY_CONVERSATION,
  REASON.SUCCESS_TRANSFER_TO_QUEUE,
  REASON.THREE_PARTY_TRANSFER_TO_QUEUE,
  REASON.CONFERENCE_ENTERED,
  47, // QUEUED_IN_MULTIPLE_QUEUES
  48, // MASTER_QUEUE_CALL_ANSWERED_IN_SLAVE_QUEUE
]);
/** Leave reasons of a leg that may last while the call is already elsewhere. */
const LEFT_BESIDE_ANOTHER: ReadonlySet<number | null> = new Set([
  ...BESIDE_ANOTHER,
  REASON.TRANSFERRED_OUT,
  REASON.INTERNAL_HELP_REQUESTER_RELEASED,
]);

function isExplained(a: Cover, b: Cover): boolean {
  return a.isAside || b.isAside || isBeside(a.leg) || isBeside(b.leg);
}

function isBeside({ device, record }: Leg): boolean {
  return (
    device === 'CONFERENCE' || BESIDE_ANOTHER.has(record.enterReason) || LEFT_BESIDE_ANOTHER.has(record.leaveReason)
  );
}

function pair(a: Leg, b: Leg): readonly number[] {
  return [a.position, b.position].sort((x, y) => x - y);
}

/** If at most agents callBegin lies before the other begins, it does not tell when they talked: a hint for the operator. */
function doubtfulReading({ legs, readings }: FindingFacts): readonly Finding[] {
  if (readings.callBegin === 'call') return [];
  const agents = legs.filter(({ device, record }) => device === 'AGENT' && record.callBegin !== null);
  const early = agents.filter(({ record: { waitBegin, ackBegin, callBegin } }) =>
    [waitBegin, ackBegin].some((at) => at !== null && (callBegin ?? at) < at),
  );
  return early.length * 2 > agents.length
    ? [
        finding(
          'READING_DOUBTFUL',
          early.map(({ position }) => position),
        ),
      ]
    : [];
}
