import type { Clock } from '../call/clock.js';
import type { Attempt } from './attempt.js';
import type { EndpointChoice, Endpoints } from './endpoints.js';
import type { LockoutGuard } from './lockout.js';

/** The interface's connection check. Source: the C2 interfaces, connection check. */
const PING = { path: '/rest/cmsapp/v1/ping', body: '{"say":"Hello world!"}', tenant: 'probe' };
/** How often the prober checks whether a probe is due and, during a pause of the guard, whether the keys have changed. Unit: ms. */
const INTERVAL_MS = 1_000;
/** A probe without a verdict, such as one that was not signed, is repeated after so long. Unit: ms. */
const UNDECIDED_PAUSE_MS = 30_000;

/**
 * Sends probes to the contact centre while an address is down or signatures are refused, so that recovery needs no client;
 * otherwise it sends nothing. Returns the function that stops it.
 */
export function startProber(
  attempt: Attempt,
  endpoints: Endpoints,
  guard: Pick<LockoutGuard, 'checkCredentials' | 'nextProbeInMs'>,
  clock: Clock,
): () => void {
  let isProbing = false;
  let notBefore = -Infinity;
  const timer = setInterval(() => void probe(), INTERVAL_MS);
  timer.unref();
  return () => clearInterval(timer);

  async function probe(): Promise<void> {
    if (guard.nextProbeInMs !== null) guard.checkCredentials();
    if (isProbing || clock.monotonic() < notBefore) return;
    isProbing = true;
    const targets = dueTargets();
    // The outcomes reach addresses and guard, which probes pass like any other request.
    const requests = targets.map((where) => ({ ...PING, ...where, ask: {}, mayResend: false, read: () => null }));
    await Promise.all(requests.map((request) => attempt(request).catch(() => undefined)));
    isProbing = false;
    const isUndecided = dueTargets().some(({ only }) => targets.some((one) => one.only === only));
    notBefore = isUndecided ? clock.monotonic() + UNDECIDED_PAUSE_MS : -Infinity;
  }

  /** Returns where a ping is due: at each address that is down; at the end of a pause of the guard, at any address that is open. */
  function dueTargets(): EndpointChoice[] {
    const open = endpoints.all.filter(({ nextProbeInMs }) => (nextProbeInMs ?? 0) === 0);
    if (guard.nextProbeInMs !== null) return guard.nextProbeInMs === 0 && open.length > 0 ? [{}] : [];
    return open.filter(({ nextProbeInMs }) => nextProbeInMs === 0).map((only) => ({ only }));
  }
}
