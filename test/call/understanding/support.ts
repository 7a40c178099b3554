import { callIdStartedAt, type TraceKey } from '../../../src/call/key.js';
import { monthBounds, monthOf } from '../../../src/call/month.js';
import type { CallTrace } from '../../../src/call/trace.js';
import { DEFAULT_READINGS, understand } from '../../../src/call/understanding/understand.js';
import type { CallUnderstanding, Readings } from '../../../src/call/understanding/understanding.js';
import { parseReply, parseTrace } from '../../../src/upstream/wire.js';
import { fixture } from '../../fixtures/fixture.js';

/** A record as the contact centre writes it. */
export type WireRecord = Readonly<Record<string, string | number | null>>;

/** A call as the contact centre tells it, and what is to be derived from it. */
export interface Story {
  readonly name: string;
  readonly why: string;
  readonly vdn: number;
  readonly callId: string;
  /** When it is asked for; absent: any time after the call. */
  readonly asOf?: string;
  readonly records: readonly WireRecord[];
  readonly expect: StoryExpectation;
}

/** What is not here is not judged. Legs are named by position. */
export interface StoryExpectation {
  readonly verdict: string;
  readonly reason?: string;
  readonly confidence?: string;
  readonly answeredBy?: string;
  readonly answeredAt?: string;
  readonly ending: (Readonly<Record<string, unknown>> & { readonly agent?: string; readonly at: string | null }) | null;
  readonly totals: Readonly<Record<string, number | null>>;
  readonly customerTimeline: readonly (readonly [string, string, string])[];
  readonly agents?: Readonly<Record<string, Readonly<Record<string, number | null>>>>;
  readonly participants?: readonly (readonly [string, string | null])[];
  readonly findings: readonly object[];
  readonly [name: string]: unknown;
}

export const STORIES = JSON.parse(fixture('stories.json')) as readonly Story[];

const DAY_MS = 86_400_000;

/** The trace that the reader of replies makes of these records. */
export function traceOf({ vdn, callId, asOf, records }: Pick<Story, 'vdn' | 'callId' | 'asOf' | 'records'>): CallTrace {
  const key: TraceKey = { ccId: 1, vdn, callId, month: monthOf(startOf(callId, records), 'UTC') };
  const reply = parseReply(JSON.stringify({ resultCode: '0100000', resultDesc: records }));
  const askedAt = asOf === undefined ? startOf(callId, records) + DAY_MS : Date.parse(asOf);
  const parsed = parseTrace(reply, key, askedAt, monthBounds(key.month, 'UTC'));
  return { key, ...parsed, askedAt, timesNotFound: 0, stale: false, source: 'UPSTREAM' };
}

/** By the records, for the vendor's own sample has a call ID of two years later. */
function startOf(callId: string, records: readonly WireRecord[]): number {
  const times = records.flatMap(({ callBegin, CallBegin }) => [Number(callBegin ?? CallBegin ?? 0)]);
  const known = times.filter((time) => time > 0);
  return known.length > 0 ? Math.min(...known) : (callIdStartedAt(callId) ?? 0);
}

/** What is derived from a story's records. */
export function understandingOf(story: Story, readings: Readings = DEFAULT_READINGS): CallUnderstanding {
  return understand(traceOf(story), readings);
}

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** What is derived, in the words of the stories: what `expected` names, and nothing else. */
export function told(call: CallUnderstanding, expected: StoryExpectation): Record<string, unknown> {
  const { ending } = call;
  const words: Record<string, unknown> = {
    ...call,
    reason: call.verdictReason,
    answeredAt: iso(call.answeredAt),
    ending: ending && pick({ ...ending, agent: ending.agentId, at: iso(ending.at) }, expected.ending ?? {}),
    transfers: call.transfers.map(({ kind, by, from, to, completed, answeredBy }) => ({
      ...{ kind, by, from, to, completed, answeredBy },
    })),
    links: call.links.map(({ kind, from, to }) => ({ kind, from, to })),
    customerTimeline: call.timeline.map(({ state, from, to }) => [state, iso(from), iso(to)]),
    totals: pick({ ...call.totals, timeToAnswerMs: call.timeToAnswerMs }, expected.totals),
    agents: Object.fromEntries(
      Object.entries(expected.agents ?? {}).map(([id, times]) => [id, pick(timesOf(call, id), times)]),
    ),
    participants: call.participants.map(({ role, id }) => [role, id]),
    findings: call.findings.map((finding, index) => pick({ ...finding }, expected.findings[index] ?? finding)),
  };
  return pick(words, expected);
}

function timesOf(call: CallUnderstanding, agentId: string): Record<string, unknown> {
  return { ...call.participants.find(({ id, times }) => id === agentId && times !== null)?.times };
}

function pick(from: Record<string, unknown>, like: object): Record<string, unknown> {
  const names = Object.keys(like).filter((name) => name !== 'narrative');
  return Object.fromEntries(names.map((name) => [name, from[name]]));
}

/** What is judged of a story here: its narrative is not. */
export function judged(expected: StoryExpectation): Record<string, unknown> {
  return pick(expected, expected);
}
