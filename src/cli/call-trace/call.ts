/*
 * A call as the documents ask for it: the parts that the program itself reads. The names are those of the graph; instants
 * are in ISO 8601, durations in ms, legs are named by their position.
 */

/** What every answer about one call holds, whatever the output. */
export interface AnsweredCall {
  readonly verdict: string;
  readonly freshness: Freshness;
  readonly findings: readonly Finding[];
}

/** How fresh an answer is. */
export interface Freshness {
  readonly askedAt: string;
  readonly ageMs: number;
  readonly stale: boolean;
  readonly freshUntil: string;
}

/** Something about the records. */
export interface Finding {
  readonly code: string;
  readonly severity: string;
  readonly legs: readonly number[];
  readonly ms: number | null;
}

/** What the picture is drawn from. */
export interface PicturedCall extends AnsweredCall {
  readonly vdn: number;
  readonly callId: string;
  /** Null if no leg has a time. */
  readonly startedAt: string | null;
  readonly totals: { readonly durationMs: number };
  readonly narrative: { readonly headline: string; readonly sentences?: readonly { readonly text: string }[] };
  /** Null while the call is in progress. */
  readonly ending: { readonly party: string; readonly agentId: string | null } | null;
  readonly timeline: readonly TimelinePiece[];
  readonly links: readonly { readonly kind: string; readonly to: number | null }[];
  readonly participants: readonly Participant[];
  readonly findings: readonly (Finding & { readonly sentence: string })[];
  readonly legs: readonly Leg[];
}

/** A part of the call as the customer met it. */
export interface TimelinePiece {
  readonly state: string;
  readonly from: string;
  readonly to: string;
  readonly legs: readonly number[];
}

/** Who or what had a part in the call. */
export interface Participant {
  readonly role: string;
  readonly deviceId: string | null;
  readonly legs: readonly number[];
}

/** The call's stay at one device. */
export interface Leg {
  readonly position: number;
  readonly isLast: boolean;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly waitBegin: string | null;
  readonly ackBegin: string | null;
  readonly callBegin: string | null;
  readonly callEnd: string | null;
  readonly leaveReason: string | null;
  readonly leaveReasonCode: number | null;
}
