import { agentOf } from './legs.js';
import type { Link } from './link.js';
import { REASON } from './reasons.js';
import type { CallPeriod } from './period.js';
import type { Hold, HoldEnd } from './understanding.js';

const END_BY_REASON: ReadonlyMap<number | null, HoldEnd> = new Map([
  [REASON.SUSPEND_RESUMED, 'RESUMED'],
  [REASON.HOLD_RETRIEVED, 'RETRIEVED'],
  [REASON.THREE_PARTY_CONVERSATION, 'CONFERENCE'],
]);

/** The holds of a call. Each belongs to the agent who held, and lasts from the end of their leg to the begin of the next. */
export function holdsOf(links: readonly Link[], period: CallPeriod): readonly Hold[] {
  const consultations = consultationsByHolder(links);
  return links
    .filter(({ kind }) => kind === 'HOLD')
    .map(({ from, to }) => {
      const startedAt = from.end ?? 0; // HOLD links start at legs with an end alone
      const closed = to === null ? (period.final === null ? null : period.until) : to.begin;
      const end =
        to !== null
          ? (END_BY_REASON.get(to.record.enterReason) ?? 'CONNECTED')
          : closed === null
            ? 'OPEN'
            : 'CALL_ENDED';
      return {
        by: agentOf(from),
        from: from.position,
        to: to?.position ?? null,
        startedAt,
        endedAt: closed === null ? null : Math.max(startedAt, closed),
        end,
        consultations: consultations.get(from.position) ?? [],
      };
    });
}

function consultationsByHolder(links: readonly Link[]): ReadonlyMap<number, readonly number[]> {
  const byHolder = new Map<number, number[]>();
  for (const { kind, from, to } of links) {
    if (to === null || (kind !== 'CONSULT' && kind !== 'HELP')) continue;
    const positions = byHolder.get(from.position) ?? [];
    positions.push(to.position);
    byHolder.set(from.position, positions);
  }
  return byHolder;
}
