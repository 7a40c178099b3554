import type { Confidence } from '../codes/code-row.js';
import type { CodeField } from './dictionary.js';
import { codeEvidence, confidenceOf } from './evidence.js';
import { ENDS_HOLD, type Leg } from './legs.js';
import { REASON, reasonRule } from './reasons.js';
import type { Evidence, LegLink, LinkKind } from './understanding.js';

/** A link with the legs themselves. */
export interface Link extends Omit<LegLink, 'from' | 'to'> {
  readonly from: Leg;
  readonly to: Leg | null;
}

/** Times are whole seconds: what differs by no more is the same instant. Unit: ms. */
export const TOLERANCE_MS = 1_000;

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

const LEFT = 'leaveReason' as const;

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
  /** An answered agent left for elsewhere, and no leg has come of it yet. */
  private handedOver: Leg | null = null;
  /** The asked agent keeps the call, for the one who asked released: by whom, and the leg that says so. */
  private helped: { readonly by: Leg; readonly said: Leg } | null = null;
  /** An agent may wait for a suspended call. */
  private suspended: Leg | null = null;

  /** A leg without the customer, of the agent who holds them, or who had them last. */
  consult(leg: Leg): void {
    const holder = this.held.at(-1);
    const isWithin = holder?.end != null && leg.begin !== null && leg.begin >= holder.end - TOLERANCE_MS;
    const by = isWithin ? holder : (this.agent ?? this.previous);
    const entered = reasonRule(leg.record.enterReason)?.entered;
    const isHelp = entered === 'HELP';
    const field = isHelp || entered === 'CONSULT' ? 'enterReason' : 'callType';
    const confidence = isWithin ? 'HIGH' : 'MEDIUM';
    if (by === null) return;
    this.add(isHelp ? 'HELP' : 'CONSULT', by, leg, 'an agent asked another one', leg, field, confidence);
    this.noteRelease(leg, by);
  }

  /** A leg of the customer. */
  enter(leg: Leg): void {
    const { enterReason, leaveReason } = leg.record;
    if (enterReason === REASON.THREE_PARTY_HELP) this.help(leg);
    else this.comeTo(leg);
    if (leaveReason === REASON.HELD && leg.end !== null) this.held.push(leg);
    if (LEFT_FOR_CONFERENCE.has(leaveReason)) this.conferring.push(leg);
    if (leg.device === 'AGENT' && leg.answeredAt !== null) {
      this.agent = leg;
      if (leaveReason === REASON.TRANSFERRED_OUT) this.handedOver = this.suspended = leg;
      this.noteRelease(leg, leg);
    }
    this.previous = leg;
  }

  finish(): readonly Link[] {
    for (const leg of this.held) this.add('HOLD', leg, null, 'the customer was held, and nobody came back', leg, LEFT);
    if (this.handedOver)
      this.add('TRANSFER', this.handedOver, null, 'handed over; where to is in no record', this.handedOver, LEFT);
    if (this.helped)
      this.add('TRANSFER', this.helped.by, null, 'the asked agent keeps the call', this.helped.said, LEFT, 'MEDIUM');
    return this.links;
  }

  private help(leg: Leg): void {
    const by = this.agent ?? this.previous;
    if (by === null) return;
    this.add('HELP', by, leg, 'an agent asked another one in, beside the customer', leg, 'enterReason');
    if (this.helped?.by === this.helped?.said) this.transfer(leg, null);
    this.helped = null;
    this.noteRelease(leg, by);
  }

  private noteRelease(leg: Leg, by: Leg): void {
    if (leg.record.leaveReason === REASON.INTERNAL_HELP_REQUESTER_RELEASED) this.helped = { by, said: leg };
  }

  private comeTo(leg: Leg): void {
    const { enterReason } = leg.record;
    const holder = this.endHold(leg);
    const isConference = this.confer(leg);
    const isTransfer = this.transfer(leg, holder);
    const isExplained = holder !== null || isConference;
    const kind = this.kindOf(leg);
    if (enterReason === REASON.SUSPEND_RESUMED && holder === null) this.resume(leg);
    else if (!isExplained && (!isTransfer || SAYS_MORE.has(kind.kind)) && this.previous !== null)
      this.add(kind.kind, this.previous, leg, kind.says, kind.by, kind.field);
    this.helped = null;
    this.handedOver = null;
  }

  /** Returns the leg that held the customer with whom this one goes on, if one did. */
  private endHold(leg: Leg): Leg | null {
    const holder = this.held.at(-1) ?? null;
    if (holder === null || !(ENDS_HOLD.has(leg.record.enterReason) || this.helped)) return null;
    for (const one of this.held) this.add('HOLD', one, leg, 'the hold ended here', leg, 'enterReason');
    this.held = [];
    return holder;
  }

  private confer(leg: Leg): boolean {
    if (!ENTERS_CONFERENCE.has(leg.record.enterReason) && leg.device !== 'CONFERENCE') return false;
    const field = leg.record.enterReason === 0 ? 'deviceType' : 'enterReason';
    const from = this.conferring.length > 0 ? this.conferring : this.previous === null ? [] : [this.previous];
    for (const one of from) this.add('CONFERENCE', one, leg, 'went into a conference', leg, field);
    this.conferring = [];
    return true;
  }

  /** Whether one agent handed the customer over to this leg. */
  private transfer(leg: Leg, holder: Leg | null): boolean {
    const { enterReason } = leg.record;
    const from = this.transferredBy(enterReason, holder);
    if (from === null) return false;
    const entered = TRANSFER_REASONS.has(enterReason);
    const said = entered ? leg : (this.helped?.said ?? from);
    const confidence = !entered && this.helped ? 'MEDIUM' : 'HIGH';
    this.add(
      'TRANSFER',
      from,
      leg,
      'one agent handed the customer over',
      said,
      entered ? 'enterReason' : LEFT,
      confidence,
    );
    return true;
  }

  private transferredBy(enterReason: number | null, holder: Leg | null): Leg | null {
    if (enterReason === REASON.HELD_CALL_CONNECTED) return holder ?? this.helped?.by ?? null;
    if (enterReason === REASON.INTERNAL_HELP_REQUESTER_RELEASED) return holder ?? this.agent;
    if (enterReason === REASON.HOLD_RETRIEVED) return null;
    if (TRANSFER_REASONS.has(enterReason)) return this.handedOver ?? this.agent;
    return this.handedOver ?? this.helped?.by ?? null;
  }

  /** By the enter reason; where that says nothing, by the leave reason of the leg before. */
  private kindOf(leg: Leg) {
    const entered = reasonRule(leg.record.enterReason)?.entered ?? 'NEXT';
    const kind: LinkKind = entered === 'TRANSFER' || entered === 'CONSULT' ? 'NEXT' : entered;
    const left = kind === 'NEXT' ? reasonRule(this.previous?.record.leaveReason ?? null)?.left : undefined;
    if (left === undefined || left === 'TRANSFER' || this.previous === null)
      return { kind, says: 'how the call came here', by: leg, field: 'enterReason' as const };
    return { kind: left, says: 'why the call left for here', by: this.previous, field: LEFT };
  }

  private resume(leg: Leg): void {
    const from = this.suspended ?? this.previous;
    if (from !== null) this.add('RESUME', from, leg, 'a suspended call came back', leg, 'enterReason');
    this.suspended = null;
  }

  private add(
    kind: LinkKind,
    from: Leg,
    to: Leg | null,
    says: string,
    by: Leg,
    field: CodeField,
    atMost: Confidence = 'HIGH',
  ): void {
    const evidence: readonly Evidence[] = [codeEvidence(by, field, says, atMost)];
    this.links.push({ kind, from, to, confidence: confidenceOf(evidence), evidence });
  }
}

const LEFT_FOR_CONFERENCE: ReadonlySet<number | null> = new Set([
  REASON.THREE_PARTY_CONVERSATION,
  REASON.CONFERENCE_ENTERED,
]);
const ENTERS_CONFERENCE = LEFT_FOR_CONFERENCE;
/** Enter reasons that tell of a transfer by themselves. */
const TRANSFER_REASONS: ReadonlySet<number | null> = new Set([
  REASON.HELD_CALL_CONNECTED,
  REASON.INTERNAL_HELP_REQUESTER_RELEASED,
  REASON.TRANSFERRED_OUT,
  REASON.SUCCESS_TRANSFER_TO_QUEUE,
  REASON.THREE_PARTY_TRANSFER_TO_QUEUE,
]);
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

/** A link as it is published. */
export function publicLink({ from, to, ...rest }: Link): LegLink {
  return {
    kind: rest.kind,
    from: from.position,
    to: to?.position ?? null,
    confidence: rest.confidence,
    evidence: rest.evidence,
  };
}
