/** One trace request as the contact centre saw it. */
export interface SeenRequest {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  /** Null where the body has no such value. */
  readonly ccId: number | null;
  readonly vdn: number | null;
  readonly callId: string | null;
  readonly logDate: number | null;
  /** Unit: ms since 1970-01-01 UTC. */
  readonly receivedAt: number;
  /** HTTP status of the whole answer; null until then, and for ever if the connection was cut before. */
  readonly status: number | null;
  /** Whether the client left before it was answered. */
  readonly aborted: boolean;
}

/** What becomes known of a request later. */
export interface OpenEntry {
  readonly answered: (status: number) => void;
  readonly left: () => void;
  /** The request is over, however it ended. */
  readonly closed: () => void;
}

/** The book that the contact centre keeps of what it was asked. */
export interface Ledger {
  readonly requests: readonly SeenRequest[];
  readonly total: number;
  readonly inFlight: number;
  readonly peakInFlight: number;
  connections: number;
  redirectsFollowed: number;
  readonly countOf: (callId: string) => number;
  counts(): Record<string, number>;
  enter(request: Omit<SeenRequest, 'status' | 'aborted'>): OpenEntry;
  clear(): void;
}

/** Most requests that are kept whole; the counts go on beyond. */
const KEPT_REQUESTS = 10_000;

/** An empty book. Requests in flight stay so through `clear`. */
export function createLedger(): Ledger {
  const requests: SeenRequest[] = [];
  const countByCallId = new Map<string, number>();
  let total = 0;
  let inFlight = 0;
  let peakInFlight = 0;

  function enter(request: Omit<SeenRequest, 'status' | 'aborted'>): OpenEntry {
    const entry = { ...request, status: null as number | null, aborted: false };
    requests.push(entry);
    if (requests.length > KEPT_REQUESTS) requests.shift();
    if (entry.callId !== null) countByCallId.set(entry.callId, (countByCallId.get(entry.callId) ?? 0) + 1);
    total += 1;
    inFlight += 1;
    peakInFlight = Math.max(peakInFlight, inFlight);
    return {
      answered: (status) => {
        entry.status = status;
      },
      left: () => {
        entry.aborted = true;
      },
      closed: () => {
        inFlight -= 1;
      },
    };
  }

  return {
    requests,
    get total() {
      return total;
    },
    get inFlight() {
      return inFlight;
    },
    get peakInFlight() {
      return peakInFlight;
    },
    connections: 0,
    redirectsFollowed: 0,
    countOf: (callId) => countByCallId.get(callId) ?? 0,
    counts: () => Object.fromEntries(countByCallId),
    enter,
    clear() {
      requests.length = 0;
      countByCallId.clear();
      total = 0;
      peakInFlight = inFlight;
      this.connections = 0;
      this.redirectsFollowed = 0;
    },
  };
}
