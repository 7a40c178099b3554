import type { EvidenceClause } from './clauses.js';
import type { Leg } from './legs.js';
import { createLink, type Link } from './link.js';
import { REASON } from './reasons.js';

/** Enter reasons that tell of a transfer by themselves. */
const TRANSFER_REASONS: ReadonlySet<number | null> = new Set([
  REASON.HELD_CALL_CONNECTED,
  REASON.INTERNAL_HELP_REQUESTER_RELEASED,
  REASON.TRANSFERRED_OUT,
  REASON.SUCCESS_TRANSFER_TO_QUEUE,
  REASON.THREE_PARTY_TRANSFER_TO_QUEUE,
]);

interface Release {
  readonly by: Leg;
  readonly said: Leg;
}

/**
 * Which agent hands the customer over to the next leg, by what the legs so far left open. What is open is used up by the
 * next leg of the customer.
 */
export class Handover {
  /** An answered agent left for elsewhere, and no leg has come of it yet. */
  private handedOver: Leg | null = null;
  /** The asked agent keeps the call, for the one who asked released: by whom, and the leg that says so. */
  private released: Release | null = null;

  /** Whether an asked agent keeps the call. */
  get isReleased(): boolean {
    return this.released !== null;
  }

  /** An agent left for elsewhere. */
  leave(leg: Leg): void {
    this.handedOver = leg;
  }

  /** A leg may say that the agent who asked for help, or for advice, released. */
  noteRelease(said: Leg, by: Leg): void {
    if (said.record.leaveReason === REASON.INTERNAL_HELP_REQUESTER_RELEASED) this.released = { by, said };
  }

  /**
   * The transfer to a leg; null if it is none. `holder`: the leg that held the customer with whom it goes on; `agent`: the
   * last one that answered them.
   */
  take(leg: Leg, holder: Leg | null, agent: Leg | null): Link | null {
    const { released } = this;
    const from = this.transferredBy(leg.record.enterReason, holder, agent);
    this.handedOver = null;
    this.released = null;
    if (from === null) return null;
    const says = 'HANDED_OVER';
    if (TRANSFER_REASONS.has(leg.record.enterReason))
      return createLink('TRANSFER', from, leg, { by: leg, field: 'enterReason', says });
    if (released) return keepsCall({ ...released, by: from }, leg, says);
    return createLink('TRANSFER', from, leg, { by: from, field: 'leaveReason', says });
  }

  /** The transfer to an agent who was asked in beside the customer: null unless the one who asked had released by then. */
  takeByHelper(leg: Leg): Link | null {
    const { released } = this;
    this.released = null;
    if (released === null || released.by !== released.said) return null;
    return keepsCall(released, leg, 'HANDED_OVER');
  }

  /** What leads to no record. */
  rest(): readonly Link[] {
    const { handedOver: by, released } = this;
    const says = 'HANDED_OVER_TO_NO_RECORD';
    return [
      ...(by ? [createLink('TRANSFER', by, null, { by, field: 'leaveReason', says })] : []),
      ...(released ? [keepsCall(released, null, 'CONSULTED_AGENT_KEEPS_CALL')] : []),
    ];
  }

  private transferredBy(enterReason: number | null, holder: Leg | null, agent: Leg | null): Leg | null {
    if (enterReason === REASON.HELD_CALL_CONNECTED) return holder ?? this.released?.by ?? null;
    if (enterReason === REASON.INTERNAL_HELP_REQUESTER_RELEASED) return holder ?? agent;
    if (enterReason === REASON.HOLD_RETRIEVED) return null;
    if (TRANSFER_REASONS.has(enterReason)) return this.handedOver ?? agent;
    return this.handedOver ?? this.released?.by ?? null;
  }
}

function keepsCall({ by, said }: Release, to: Leg | null, says: EvidenceClause): Link {
  return createLink('TRANSFER', by, to, { by: said, field: 'leaveReason', says, atMost: 'MEDIUM' });
}
