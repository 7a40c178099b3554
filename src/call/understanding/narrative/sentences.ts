import { firstInstant } from '../../trace.js';
import type { Hold, LegLink, TimelinePiece, Transfer } from '../understanding.js';
import type { LinkKind } from '../vocabulary.js';
import { sentenceOf } from './messages.js';
import type { Telling } from './telling.js';
import { dateText, durationText } from './times.js';

/** One sentence of a narrative: the course of the call. How it ended is said in the headline: see headline.ts. */
export interface Sentence {
  readonly text: string;
  /** Positions of the legs it tells of, ascending; none: no record tells of it, or it is about the whole. */
  readonly legs: readonly number[];
  /** A piece of the timeline, how one leg led to another, or how far the records can be trusted. */
  readonly about: 'PIECE' | 'LINK' | 'RECORDS';
  /** The piece that it tells: each piece has one sentence. Null for another. Unit: ms since 1970-01-01 UTC. */
  readonly from: number | null;
  readonly to: number | null;
}

/** A call, told. */
export interface Narrative {
  /** What it came to, who ended it, and when it was. */
  readonly headline: string;
  readonly sentences: readonly Sentence[];
}

/** A sentence in its place. */
interface Event {
  readonly at: number;
  /** Of two at one instant the lower comes first. */
  readonly rank: number;
  readonly sentence: Sentence;
}

/** Returns what happened, in order: a sentence for each piece of the timeline, and for each link that is more than NEXT. */
export function sentencesOf(telling: Telling): Sentence[] {
  const events = [...pieceEvents(telling), ...linkEvents(telling)];
  events.sort((a, b) => a.at - b.at || a.rank - b.rank);
  return [...events.map(({ sentence }) => sentence), ...warningsOf(telling)];
}

const LINK_BEFORE_PIECE = 0;
const PIECE = 1;
/** A consultation begins with the hold during which it takes place, and is told behind it. */
const LINK_BEHIND_PIECE = 2;

function pieceEvents(telling: Telling): Event[] {
  const { say, clock, understanding } = telling;
  let toldDay = understanding.startedAt === null ? null : clock(understanding.startedAt).dayNumber;
  return understanding.timeline.map((piece, index) => {
    const text = sentenceOf(say(`piece.${piece.state}`, pieceValues(telling, piece, index)));
    const zoned = clock(piece.from);
    const isOfToldDay = toldDay === null || toldDay === zoned.dayNumber;
    toldDay = zoned.dayNumber;
    return {
      at: piece.from,
      rank: PIECE,
      sentence: {
        text: isOfToldDay ? text : say('onDate', { date: dateText(say, zoned), time: zoned.time, sentence: text }),
        legs: ascending(piece.legs),
        about: 'PIECE',
        from: piece.from,
        to: piece.to,
      },
    };
  });
}

function pieceValues({ say, names, understanding }: Telling, piece: TimelinePiece, index: number) {
  const isLast = index === understanding.timeline.length - 1;
  return {
    customer: names.customer,
    agents: names.agents(piece.legs),
    queues: names.queues(piece.legs),
    duration: durationText(say, piece.to - piece.from),
    open: isLast && understanding.verdict === 'IN_PROGRESS' ? 'yes' : 'no',
    dialling: index === 0 && understanding.direction === 'OUTBOUND' ? 'yes' : 'no',
    position: index === 0 ? 'first' : 'next',
  };
}

function linkEvents(telling: Telling): Event[] {
  const { links, holds, transfers } = telling.understanding;
  const outcomes = { holds: new Map(holds.map(byEnds)), transfers: new Map(transfers.map(byEnds)) };
  return joined(links).flatMap(({ link, from }) => {
    const text = linkText(telling, link, from, outcomes);
    if (text === null) return [];
    const legs = ascending([...from, ...(link.to === null ? [] : [link.to])]);
    const isMeanwhile = link.kind === 'CONSULT' || link.kind === 'HELP';
    const rank = isMeanwhile ? LINK_BEHIND_PIECE : LINK_BEFORE_PIECE;
    return { at: beginOf(telling, link), rank, sentence: { text, legs, about: 'LINK', from: null, to: null } };
  });
}

/** The links that are told: those into one conference as one. */
function joined(links: readonly LegLink[]): { link: LegLink; from: number[] }[] {
  const told: { link: LegLink; from: number[] }[] = [];
  const conferences = new Map<number | null, number[]>();
  for (const link of links) {
    const others = link.kind === 'CONFERENCE' ? conferences.get(link.to) : undefined;
    if (others !== undefined) {
      others.push(link.from);
      continue;
    }
    const from = [link.from];
    if (link.kind === 'CONFERENCE') conferences.set(link.to, from);
    told.push({ link, from });
  }
  return told;
}

/** What became of holds and transfers, by the legs of their links. */
interface Outcomes {
  readonly holds: ReadonlyMap<string, Hold>;
  readonly transfers: ReadonlyMap<string, Transfer>;
}
type Ends = Pick<LegLink, 'from' | 'to'>;
const endsOf = ({ from, to }: Ends): string => `${from} ${to}`;
const byEnds = <Thing extends Ends>(thing: Thing): [string, Thing] => [endsOf(thing), thing];

/** Null for a link that its pieces tell already. */
function linkText({ say, names }: Telling, link: LegLink, from: readonly number[], outcomes: Outcomes): string | null {
  const { kind, to } = link;
  if (kind === 'NEXT') return null;
  if (kind === 'HOLD' && outcomes.holds.get(endsOf(link))?.end !== 'RETRIEVED') return null;
  const transfer = kind === 'TRANSFER' ? outcomes.transfers.get(endsOf(link)) : undefined;
  return sentenceOf(
    say(`link.${kind}`, {
      from: fromText(),
      hasTo: to === null ? 'no' : 'yes',
      to: to === null ? say('nowhere') : names.device(to),
      kind: transfer?.kind ?? 'UNKNOWN',
      completed: transfer?.completed === true ? 'yes' : transfer?.completed === false ? 'no' : 'unknown',
    }),
  );

  function fromText(): string {
    if (kind === 'CONFERENCE' || kind === 'HOLD') return names.agents(from);
    const isUnrecorded = FROM_QUEUES.has(kind) && names.kind(link.from) !== 'QUEUE';
    return isUnrecorded ? say('queueNotRecorded') : names.device(link.from);
  }
}

/** Links by which a queue passes a call on. */
const FROM_QUEUES: ReadonlySet<LinkKind> = new Set(['OVERFLOW', 'TIMEOUT', 'NO_AGENT', 'QUEUE_CANCELLED']);

/** When a link led on: the begin of the leg it led to, else the end of the one it came from; without both it is told last. */
function beginOf({ trace }: Telling, { from, to }: LegLink): number {
  const next = to === null ? undefined : trace.records[to - 1];
  return (next && firstInstant(next)) ?? trace.records[from - 1]?.callEnd ?? Infinity;
}

/** A hint that the records are doubtful. */
function warningsOf({ say, understanding }: Telling): Sentence[] {
  const warnings = understanding.findings.filter(({ severity }) => severity === 'WARNING');
  if (warnings.length === 0) return [];
  const legs = ascending(warnings.flatMap((finding) => finding.legs));
  return [
    { text: sentenceOf(say('warnings', { count: warnings.length })), legs, about: 'RECORDS', from: null, to: null },
  ];
}

function ascending(legs: readonly number[]): number[] {
  return [...new Set(legs)].sort((a, b) => a - b);
}
