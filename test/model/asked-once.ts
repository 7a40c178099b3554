import type { ModelCentre, Request } from './contact-centre.js';
import { LEASE_MS } from './gateway.js';
import type { Breach } from './question.js';

/** An answer proves the key of a gateway for so long. Unit: ms. */
const PROOF_MS = 30_000;
/** Whoever has waited for two leases asks without one; questions to the contact centre need not begin at once. Unit: ms. */
const SHARED_FOR_MS = 2 * LEASE_MS - 500;

export interface AskedOnceOptions {
  readonly centre: ModelCentre;
  /** Whether gateways have been able to share their requests since an instant (ms since 1970-01-01 UTC). */
  readonly isShared: (since: number) => boolean;
  /** What is renewed behind an answer is kept single by its lease alone, within a gateway, too. */
  readonly staleWhileRevalidate: boolean;
  readonly breach: Breach;
}

/**
 * Returns a look at the requests that have come since the last one: of two for one key that are under way at once, one is
 * superfluous.
 */
export function createAskedOnce({ centre, isShared, staleWhileRevalidate, breach }: AskedOnceOptions): () => void {
  let looked = 0;
  return () => {
    for (const later of centre.requests.slice(looked)) {
      for (const earlier of centre.requests.slice(0, later.serial - 1)) {
        if (!isSameKey(earlier, later) || !wasUnderWay(earlier, later) || wasTrial(earlier)) continue;
        const isInOne = earlier.gateway === later.gateway && !staleWhileRevalidate;
        if (isInOne || isSharing(earlier, later)) breach(`asked twice at once: ${textOf(earlier, later)}`);
      }
    }
    looked = centre.requests.length;
  };

  /** A request sent with a key that was not proven lives on when its client leaves. */
  function wasTrial({ gateway, arrivedAt }: Request): boolean {
    return !centre.requests.some(
      (one) =>
        one.gateway === gateway &&
        one.state === 'answered' &&
        one.endedAt < arrivedAt &&
        one.endedAt + PROOF_MS > arrivedAt,
    );
  }

  /** When the first attempt came of the question that a request belongs to: it is asked under one lease. */
  function leasedSince(request: Request): number {
    const before = centre.requests.find(
      (one) =>
        isSameKey(one, request) &&
        one.gateway === request.gateway &&
        one.serial < request.serial &&
        one.state !== 'answered' &&
        one.endedAt <= request.arrivedAt &&
        request.arrivedAt - one.endedAt <= BACKOFF_MS,
    );
    return before ? leasedSince(before) : request.arrivedAt;
  }

  function isSharing(earlier: Request, later: Request): boolean {
    if (later.arrivedAt - leasedSince(earlier) >= SHARED_FOR_MS || !isShared(earlier.arrivedAt)) return false;
    // Sent while another one was under way, it was sent without a lease, and nobody knows of it.
    return !centre.requests.some(
      (one) => isSameKey(one, earlier) && one.arrivedAt < earlier.arrivedAt && earlier.arrivedAt < one.endedAt,
    );
  }
}

/** The longest pause before a further attempt. Unit: ms. */
const BACKOFF_MS = 2_000;

function isSameKey(a: Request, b: Request): boolean {
  return a.call === b.call && a.month === b.month;
}

/** Whether one was under way when the other came; one that was cut in the same instant may be heard of later. */
function wasUnderWay(earlier: Request, later: Request): boolean {
  return earlier.endedAt > later.arrivedAt;
}

function textOf(earlier: Request, later: Request): string {
  return `${later.call}, request ${later.serial} of gateway ${later.gateway} beside ${earlier.serial} of gateway ${earlier.gateway}`;
}
