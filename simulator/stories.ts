import { parseCallId } from './call-id.js';
import library from './stories.json' with { type: 'json' };
import type { TraceRecord } from './trace-record.js';
import type { WireRecord } from './wire-record.js';

/** A call that is told record by record, in the spelling of the wire. */
export interface Story {
  readonly name: string;
  readonly description: string;
  /** The description in Chinese. */
  readonly chinese: string;
  readonly vdn: number;
  readonly callId: string;
  /** The month to ask for, where the call ID does not tell it: `YYYY-MM`. */
  readonly month?: string | undefined;
  /** Time of this snapshot, for calls in progress. ISO 8601. */
  readonly asOf?: string | undefined;
  readonly records: readonly WireRecord[];
}

/** Each story with a name of its own. */
export const STORIES: readonly Story[] = library;

/** The records of a story, and how each of them is written. */
export type ToldStory = ReadonlyMap<TraceRecord, WireRecord>;

const TIMES = ['waitBegin', 'ackBegin', 'callBegin', 'callEnd'] as const;

/**
 * The story that a question asks for, with the records in the order of the wire; null if it asks for none. A story with
 * an `asOf` begins whenever the head of the call ID says, and is found from its `asOf` on; the others begin at their own
 * time, and are found once they are over; until then there are no records. Unit of `now`: ms since 1970-01-01 UTC.
 */
export function tellStory(query: { vdn: number; callId: string }, now: number): ToldStory | null {
  const story = STORIES.find((candidate) => isAskedFor(candidate, query));
  if (story === undefined) return null;
  const laterMs = startOf(query.callId) - startOf(story.callId);
  const told = new Map(
    story.records.map((record) => {
      const moved = moveRecord(record, query.callId, laterMs);
      return [readRecord(moved), moved];
    }),
  );
  const ends = [...told.keys()].flatMap((record) => record.callEnd ?? []);
  const foundFrom = story.asOf === undefined ? Math.max(...ends) : Date.parse(story.asOf) + laterMs;
  return foundFrom <= now ? told : new Map();
}

/** The ID by which a story is asked for at an instant: with an `asOf`, of a call that stands so now, to the second. */
export function storyCallId(story: Story, now: number): string {
  if (story.asOf === undefined) return story.callId;
  const laterMs = now - Date.parse(story.asOf);
  return `${Math.floor((startOf(story.callId) + laterMs) / 1000)}-${numberOf(story.callId)}`;
}

function isAskedFor(story: Story, { vdn, callId }: { vdn: number; callId: string }): boolean {
  if (vdn !== story.vdn) return false;
  return callId === story.callId || (story.asOf !== undefined && numberOf(callId) === numberOf(story.callId));
}

function numberOf(callId: string): number | undefined {
  return parseCallId(callId)?.number;
}

function startOf(callId: string): number {
  return parseCallId(callId)?.startedAt ?? 0;
}

function moveRecord(record: WireRecord, callId: string, laterMs: number): WireRecord {
  const moved: WireRecord = { ...record, callId };
  for (const name of TIMES) {
    const time = Number(record[name]);
    if (time > 0) moved[name] = typeof record[name] === 'string' ? String(time + laterMs) : time + laterMs;
  }
  return moved;
}

/** What a record of the wire says, whatever its letter case and whether its numbers are strings. */
function readRecord(record: WireRecord): TraceRecord {
  const values = new Map(Object.entries(record).map(([name, value]) => [name.toLowerCase(), value]));
  const text = (name: string) => {
    const value = values.get(name.toLowerCase());
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  const number = (name: string) => (text(name) === '' ? null : Number(text(name)));
  const time = (name: (typeof TIMES)[number]) => ((number(name) ?? 0) > 0 ? number(name) : null);
  return {
    callId: text('callId'),
    callIdNum: number('callIdNum') ?? 0,
    mediaType: number('mediaType') ?? 0,
    subMediaType: number('subMediaType'),
    callerNo: text('callerNo'),
    calleeNo: text('calleeNo'),
    waitBegin: time('waitBegin'),
    ackBegin: time('ackBegin'),
    callBegin: time('callBegin'),
    callEnd: time('callEnd'),
    subCcNo: number('subCcNo') ?? 0,
    deviceType: number('deviceType') ?? 0,
    deviceNo: text('deviceNo'),
    deviceIn: text('deviceIn'),
    callType: number('callType') ?? 0,
    releaseCause: number('releaseCause') ?? 0,
    enterReason: number('enterReason') ?? 0,
    leaveReason: number('leaveReason'),
    currentSkillId: text('currentSkillId'),
  };
}
