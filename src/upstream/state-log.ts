import type { Clock } from '../call/clock.js';
import type { EndpointState } from './breaker.js';
import type { Endpoint } from './endpoints.js';
import type { LockoutGuard, SignatureState } from './lockout.js';
import type { Log } from './log.js';

/** Tells the operator when an address goes down or comes up, and what becomes of our keys. */
export interface StateLog {
  endpoint(endpoint: Endpoint, state: EndpointState): void;
  signature(state: SignatureState, guard: Pick<LockoutGuard, 'probeAt'>): void;
}

/** Returns a log of states. */
export function createStateLog(log: Log, clock: Clock): StateLog {
  const down = new Set<Endpoint>();
  return {
    endpoint(endpoint, state) {
      const { index, baseUrl, breaker, lastFailure } = endpoint;
      const fields = { endpoint: index, baseUrl };
      if (state === 'UP' && down.delete(endpoint)) {
        log.info(fields, 'the contact centre answers again at this address');
      } else if (state === 'DOWN' && !down.has(endpoint)) {
        down.add(endpoint);
        log.warn(
          { ...fields, cause: lastFailure?.outcome, code: lastFailure?.code, nextProbeInMs: msUntil(breaker.probeAt) },
          'the contact centre keeps failing at this address: nothing is sent there until the next probe',
        );
      }
    },
    signature(state, { probeAt }) {
      const nextProbeInMs = msUntil(probeAt);
      switch (state) {
        case 'PROVEN':
          log.info({}, 'the contact centre accepts our signatures');
          break;
        case 'UNPROVEN':
          log.warn({}, 'our key is not proven any more: few requests at a time until a signature is accepted');
          break;
        case 'REFUSED':
          log.error(
            { nextProbeInMs },
            'the contact centre refuses our signatures (HTTP 401): check the keys and the clock; nothing is sent until the next probe',
          );
          break;
        case 'LOCKED':
          log.error(
            { nextProbeInMs },
            'the contact centre has locked this address (HTTP 403): wait, or ask its administrator; nothing is sent until the next probe',
          );
          break;
        case 'NO_ANSWER':
          log.warn(
            { nextProbeInMs },
            'the contact centre gave no answer before our key was proven: nothing is sent until the next probe',
          );
      }
    },
  };

  function msUntil(at: number | null): number | null {
    return at === null ? null : Math.max(0, Math.round(at - clock.monotonic()));
  }
}
