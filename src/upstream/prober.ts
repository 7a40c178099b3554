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

/** The interface's connection check. Source: the C2 interfaces, connection check. */
const PING = { path: '/rest/cmsapp/v1/ping', body: '{"say":"Hello world!"}', lane: 'probe' };
/** A probe that decided nothing, such as one that was not signed, is repeated after so long. Unit: ms. */
const UNDECIDED_PAUSE_MS = 30_000;
/** During a pause of the guard it is looked so often whether the keys have changed, for that ends it sooner. Unit: ms. */
const LOOK_MS = 1_000;

/** Returns a prober. It sends nothing while all is well, nor at the start. */
export function createProber(
  attempt: Attempt,
  endpoints: Endpoints,
  guard: Pick<LockoutGuard, 'check' | 'probeAt'>,
  clock: Clock,
): Prober {
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
    if (at === Infinity || isProbing || isClosed) return;
    const ms = Math.max(0, at - clock.monotonic());
    timer = setTimeout(() => void probe(), guard.probeAt === null ? ms : Math.min(ms, LOOK_MS));
    timer.unref();
  }

  /** When the next probe is due, by the monotonic clock; Infinity if there is nothing to find out. */
  function dueAt(): number {
    const downAt = Math.min(...endpoints.all.map(({ breaker }) => breaker.probeAt ?? Infinity));
    const isAnyUp = endpoints.all.some(({ breaker }) => breaker.state === 'UP');
    const at = guard.probeAt === null ? downAt : Math.max(guard.probeAt, isAnyUp ? -Infinity : downAt);
    return Math.max(at, notBefore);
  }

  async function probe(): Promise<void> {
    lookAtKeys();
    if (dueAt() > clock.monotonic()) return reschedule();
    isProbing = true;
    if (guard.probeAt !== null) await ping();
    else await Promise.all(endpoints.all.filter(isDue).map((endpoint) => ping(endpoint)));
    isProbing = false;
    notBefore = -Infinity;
    if (dueAt() <= clock.monotonic()) notBefore = clock.monotonic() + UNDECIDED_PAUSE_MS;
    reschedule();
  }

  function lookAtKeys(): void {
    try {
      guard.check();
    } catch {
      // There is a pause, which is known.
    }
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
