import type { Clock } from '../call/clock.js';
import type { Attempt } from './attempt.js';
import type { EndpointChoice, Endpoints } from './endpoints.js';
import type { LockoutGuard } from './lockout.js';

/** The interface's connection check. Source: the C2 interfaces, connection check. */
const PING = { path: '/rest/cmsapp/v1/ping', body: '{"say":"Hello world!"}', lane: 'probe' };
/** It is looked so often whether a probe is due, and in a pause of the guard whether the keys have changed. Unit: ms. */
const LOOK_MS = 1_000;
/** A probe that decided nothing, such as one that was not signed, is repeated after so long. Unit: ms. */
const UNDECIDED_PAUSE_MS = 30_000;

/**
 * Asks the contact centre by itself while an address is down or signatures are refused, so that it is up again without a
 * client; while all is well it sends nothing. Returns what stops it.
 */
export function startProber(
  attempt: Attempt,
  endpoints: Endpoints,
  guard: Pick<LockoutGuard, 'lookAtKeys' | 'nextProbeInMs'>,
  clock: Clock,
): () => void {
  let isProbing = false;
  let notBefore = -Infinity;
  const timer = setInterval(() => void look(), LOOK_MS);
  timer.unref();
  return () => clearInterval(timer);

  async function look(): Promise<void> {
    if (guard.nextProbeInMs !== null) guard.lookAtKeys();
    if (isProbing || clock.monotonic() < notBefore) return;
    isProbing = true;
    const asked = due();
    // How they end is seen by address and guard, through which they go like any other request.
    const questions = asked.map((where) => ({ ...PING, ...where, ask: {}, mayResend: false, read: () => null }));
    await Promise.all(questions.map((question) => attempt(question).catch(() => undefined)));
    isProbing = false;
    const isUndecided = due().some(({ only }) => asked.some((one) => one.only === only));
    notBefore = isUndecided ? clock.monotonic() + UNDECIDED_PAUSE_MS : -Infinity;
  }

  /** Where a ping is due: at each address that is down, or, at the end of a pause of the guard, wherever one may be sent. */
  function due(): EndpointChoice[] {
    const open = endpoints.all.filter(({ nextProbeInMs }) => (nextProbeInMs ?? 0) === 0);
    if (guard.nextProbeInMs !== null) return guard.nextProbeInMs === 0 && open.length > 0 ? [{}] : [];
    return open.filter(({ nextProbeInMs }) => nextProbeInMs === 0).map((only) => ({ only }));
  }
}
