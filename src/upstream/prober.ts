import type { Clock } from '../call/clock.js';
import type { Attempt } from './attempt.js';
import type { Endpoint, Endpoints } from './endpoints.js';
import type { LockoutGuard } from './lockout.js';

/** Asks the contact centre by itself while an address is down or signatures are refused, so that it is up again without a client. */
export interface Prober {
  /** Looks anew when the next probe is due. To be called after every change of state. */
  reschedule(): void;
  close(): void;
}

/** What a prober looks at. */
export interface ProberOptions {
  readonly attempt: Attempt;
  readonly endpoints: Endpoints;
  readonly guard: Pick<LockoutGuard, 'probeAt'>;
  readonly clock: Clock;
}

/** The interface's connection check. Source: the C2 interfaces, connection check. */
const PING = { path: '/rest/cmsapp/v1/ping', body: '{"say":"Hello world!"}', lane: 'probe' };
/** A probe that decided nothing, such as one that was not signed, is repeated after so long. Unit: ms. */
const UNDECIDED_PAUSE_MS = 30_000;

/** Returns a prober. It sends nothing while all is well, nor at the start. */
export function createProber({ attempt, endpoints, guard, clock }: ProberOptions): Prober {
  let timer: NodeJS.Timeout | undefined;
  let isProbing = false;
  let isClosed = false;
  let notBefore = -Infinity;

  return {
    reschedule,
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };

  function reschedule(): void {
    clearTimeout(timer);
    const at = dueAt();
    if (at === null || isProbing || isClosed) return;
    timer = setTimeout(() => void probe(), Math.max(0, Math.max(at, notBefore) - clock.monotonic()));
    timer.unref();
  }

  /** When the next probe is due, by the monotonic clock; null if there is nothing to find out. */
  function dueAt(): number | null {
    const downAt = Math.min(...endpoints.all.map(({ breaker }) => breaker.probeAt ?? Infinity));
    const isAnyUp = endpoints.all.some(({ breaker }) => breaker.state === 'UP');
    const at = guard.probeAt === null ? downAt : isAnyUp ? guard.probeAt : Math.max(guard.probeAt, downAt);
    return at < Infinity ? at : null;
  }

  async function probe(): Promise<void> {
    const at = dueAt();
    if (at === null || clock.monotonic() < at) return reschedule();
    isProbing = true;
    if (guard.probeAt !== null) await ping();
    else await Promise.all(endpoints.all.filter(isDue).map((endpoint) => ping(endpoint)));
    isProbing = false;
    const isDecided = (dueAt() ?? Infinity) > clock.monotonic();
    notBefore = isDecided ? -Infinity : clock.monotonic() + UNDECIDED_PAUSE_MS;
    reschedule();
  }

  function isDue({ breaker }: Endpoint): boolean {
    return breaker.probeAt !== null && breaker.probeAt <= clock.monotonic();
  }

  /** How it ends is seen by breaker and guard, through which it goes like any other request. */
  async function ping(only?: Endpoint): Promise<void> {
    const question = { ...PING, ask: {}, mayResend: false, only, read: () => null };
    await attempt(question).catch(() => undefined);
  }
}
