/*
 * The answers to the documents of the page, as schema/ describes them. Instants are ISO 8601 in UTC, durations in ms.
 * What a long call can come without is optional.
 */

/** How surely something is known. */
export type Confidence = 'HIGH' | 'MEDIUM' | 'LOW';

export interface Evidence {
  readonly leg: number | null;
  readonly field: string;
  readonly code: number | null;
  readonly name: string | null;
  readonly value: string | null;
  readonly says: string;
  readonly confidence: Confidence;
}

export interface TimelinePiece {
  readonly state: string;
  readonly from: string;
  readonly to: string;
  readonly legs: readonly number[];
}

export interface Participant {
  readonly role: string;
  readonly deviceId: string | null;
  readonly legs: readonly number[];
  readonly result: string;
  readonly times: Readonly<Record<'ringMs' | 'talkMs' | 'holdMs' | 'consultMs' | 'conferenceMs', number | null>> | null;
}

export interface Finding {
  readonly code: string;
  readonly severity: 'WARNING' | 'INFO';
  readonly sentence: string;
  readonly legs: readonly number[];
  readonly numbers: readonly number[];
  readonly ms: number | null;
  readonly field: string | null;
  readonly value: number | null;
  readonly count: number | null;
}

/** How one leg led to another. `to` null: what followed is in no record. */
export interface Link {
  readonly kind: string;
  readonly from: number;
  readonly to: number | null;
}

export interface Hold {
  readonly from: number;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly end: string;
}

export interface Leg {
  readonly position: number;
  readonly deviceType: string | null;
  readonly deviceNo: string | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly leaveReasonCode: number | null;
  readonly callIdNum?: number;
  readonly isLast?: boolean;
  readonly mediaType?: string | null;
  readonly mediaTypeCode?: number | null;
  readonly deviceTypeCode?: number | null;
  readonly deviceIn?: string | null;
  readonly callType?: string | null;
  readonly callTypeCode?: number | null;
  readonly enterReason?: string | null;
  readonly enterReasonCode?: number | null;
  readonly leaveReason?: string | null;
  readonly releaseCause?: string | null;
  readonly releaseCauseCode?: number | null;
  readonly callerNo?: string | null;
  readonly calleeNo?: string | null;
  readonly currentSkillId?: string | null;
  readonly waitBegin?: string | null;
  readonly ackBegin?: string | null;
  readonly callBegin?: string | null;
  readonly callEnd?: string | null;
  readonly waitingMs?: number | null;
  readonly ringingMs?: number | null;
  readonly connectedMs?: number | null;
}

export type Totals = Readonly<
  Record<
    | 'durationMs'
    | 'ivrMs'
    | 'routingMs'
    | 'queueMs'
    | 'ringingMs'
    | 'talkingMs'
    | 'holdMs'
    | 'conferenceMs'
    | 'outsideMs'
    | 'unaccountedMs',
    number
  >
>;

export interface Call {
  readonly ccId: number;
  readonly month: string;
  readonly verdict: string;
  readonly confidence: Confidence;
  readonly complete: boolean;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly direction: string | null;
  readonly callerNo: string | null;
  readonly calleeNo: string | null;
  readonly freshness: {
    readonly source: string;
    readonly askedAt: string;
    readonly ageMs: number;
    readonly stale: boolean;
    readonly final: boolean;
    readonly freshUntil: string;
  };
  readonly totals: Totals;
  readonly narrative: {
    readonly headline: string;
    readonly sentences?: readonly { readonly text: string; readonly legs: readonly number[] }[];
  };
  readonly evidence: readonly Evidence[];
  readonly ending: {
    readonly party: string;
    readonly confidence: Confidence;
    readonly evidence: readonly Evidence[];
  } | null;
  readonly timeline?: readonly TimelinePiece[];
  readonly participants?: readonly Participant[];
  readonly findings?: readonly Finding[];
  readonly links?: readonly Link[];
  readonly transfers?: readonly Link[];
  readonly holds?: readonly Hold[];
  readonly legs?: readonly Leg[];
}

/** One row of the dictionaries. */
export interface Code {
  readonly table: string;
  readonly code: number;
  readonly meaning: string;
  readonly confidence: Confidence;
}
