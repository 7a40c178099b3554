import { Handover } from './handover.js';
import { ENDS_HOLD, type Leg } from './legs.js';
import { createLink, type Link, type Said } from './link.js';
import { CONFERENCE_REASONS, REASON, reasonRule } from './reasons.js';
import { TOLERANCE_MS } from './period.js';
import type { LinkKind } from './vocabulary.js';

/** How each leg of a call came from another one, in order of the legs; what leads to no record comes last. */
export function createLinks(legs: readonly Leg[]): readonly Link[] {
  const chain = new Chain();
  for (const leg of legs) {
    if (leg.part === 'MONITOR') continue; // listens in: the call did not come there
    if (leg.part === 'CONSULTATION') chain.consult(leg);
    else chain.enter(leg);
  }
  return chain.finish();
}

/** What leads on from the legs so far. Each leg is looked at once, and each open end is used up by the leg that takes it. */
class Chain {
  private readonly links: Link[] = [];
  /** The last customer's leg. */
  private previous: Leg | null = null;
  /** The last leg at which an agent answered the customer. */
  private agent: Leg | null = null;
  /** Left with HELD; nobody went on with the customer yet. */
  private held: Leg[] = [];
  /** Left for a conference that no leg has entered yet. */
  private conferring: Leg[] = [];
  private readonly handover = new Handover();
  /** An agent may wait for a suspended call. */
  private suspended: Leg | null = null;

  /** A leg without the customer, of the agent who holds them, or who had them last. */
  consult(leg: Leg): void {
    const holder = this.held.at(-1);
    const isWithin = holder?.end != null && leg.begin !== null && leg.begin >= holder.end - TOLERANCE_MS;
    const by = isWithin ? holder : (this.agent ?? this.previous);
    if (by === null) return;
    const entered = reasonRule(leg.record.enterReason)?.entered;
    const isHelp = entered === 'HELP';
    this.add(isHelp ? 'HELP' : 'CONSULT', by, leg, {
      by: leg,
      field: isHelp || entered === 'CONSULT' ? 'enterReason' : 'callType',
      says: 'CONSULTED',
      atMost: isWithin ? 'HIGH' : 'MEDIUM',
    });
    this.handover.noteRelease(leg, by);
  }

  /** A leg of the customer. */
  enter(leg: Leg): void {
    const { enterReason, leaveReason } = leg.record;
    if (enterReason === REASON.THREE_PARTY_HELP) this.help(leg);
    else this.comeTo(leg);
    if (leaveReason === REASON.HELD && leg.end !== null) this.held.push(leg);
    if (CONFERENCE_REASONS.has(leaveReason)) this.conferring.push(leg);
    if (leg.device === 'AGENT' && leg.answeredAt !== null) this.leaveAgent(leg);
    this.previous = leg;
  }

  finish(): readonly Link[] {
    const says = 'HOLD_NEVER_ENDED';
    for (const leg of this.held) this.add('HOLD', leg, null, { by: leg, field: 'leaveReason', says });
    return [...this.links, ...this.handover.rest()];
  }

  private leaveAgent(leg: Leg): void {
    this.agent = leg;
    this.handover.noteRelease(leg, leg);
    if (leg.record.leaveReason !== REASON.TRANSFERRED_OUT) return;
    this.handover.leave(leg);
    this.suspended = leg;
  }

  private help(leg: Leg): void {
    const by = this.agent ?? this.previous;
    if (by === null) return;
    const says = 'ASKED_TO_JOIN';
    this.add('HELP', by, leg, { by: leg, field: 'enterReason', says });
    this.addAll(this.handover.takeByHelper(leg));
    this.handover.noteRelease(leg, by);
  }

  private comeTo(leg: Leg): void {
    const holder = this.endHold(leg);
    const isConference = this.confer(leg);
    const transfer = this.handover.take(leg, holder, this.agent);
    this.addAll(transfer);
    if (leg.record.enterReason === REASON.SUSPEND_RESUMED && holder === null) this.resume(leg);
    else if (holder === null && !isConference) this.comeFrom(leg, transfer !== null);
  }

  /** Returns the leg that held the customer with whom this one goes on, if one did. */
  private endHold(leg: Leg): Leg | null {
    const holder = this.held.at(-1) ?? null;
    if (holder === null || !(ENDS_HOLD.has(leg.record.enterReason) || this.handover.isReleased)) return null;
    const said: Said = { by: leg, field: 'enterReason', says: 'HOLD_ENDED' };
    for (const one of this.held) this.add('HOLD', one, leg, said);
    this.held = [];
    return holder;
  }

  /** Returns whether a leg is a conference. */
  private confer(leg: Leg): boolean {
    if (!CONFERENCE_REASONS.has(leg.record.enterReason) && leg.device !== 'CONFERENCE') return false;
    const field = leg.record.enterReason === 0 ? 'deviceType' : 'enterReason';
    const from = this.conferring.length > 0 ? this.conferring : this.previous === null ? [] : [this.previous];
    for (const one of from) this.add('CONFERENCE', one, leg, { by: leg, field, says: 'ENTERED_CONFERENCE' });
    this.conferring = [];
    return true;
  }

  private resume(leg: Leg): void {
    const from = this.suspended ?? this.previous;
    const says = 'SUSPENDED_CALL_RETURNED';
    if (from !== null) this.add('RESUME', from, leg, { by: leg, field: 'enterReason', says });
    this.suspended = null;
  }

  /** By the enter reason; where that says nothing, by the leave reason of the leg before. */
  private comeFrom(leg: Leg, isTransfer: boolean): void {
    const { previous } = this;
    if (previous === null) return;
    const entered = reasonRule(leg.record.enterReason)?.entered ?? 'NEXT';
    const kind: LinkKind = entered === 'TRANSFER' || entered === 'CONSULT' ? 'NEXT' : entered;
    const left = kind === 'NEXT' ? reasonRule(previous.record.leaveReason)?.left : undefined;
    const isLeft = left !== undefined && left !== 'TRANSFER';
    const found = isLeft ? left : kind;
    if (isTransfer && !SAYS_MORE.has(found)) return;
    const said: Said = isLeft
      ? { by: previous, field: 'leaveReason', says: 'WHY_LEFT' }
      : { by: leg, field: 'enterReason', says: 'HOW_ENTERED' };
    this.add(found, previous, leg, said);
  }

  private add(kind: LinkKind, from: Leg, to: Leg | null, said: Said): void {
    this.links.push(createLink(kind, from, to, said));
  }

  private addAll(link: Link | null): void {
    if (link !== null) this.links.push(link);
  }
}

/** Kinds of link that say something beside a transfer. */
const SAYS_MORE: ReadonlySet<LinkKind> = new Set([
  'OVERFLOW',
  'TIMEOUT',
  'NO_AGENT',
  'QUEUE_CANCELLED',
  'TRANSFER_FAILED',
  'INTERCEPT',
  'PICKUP',
  'NETWORK_RETURN',
  'REROUTE',
]);
