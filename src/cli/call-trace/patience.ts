import { setTimeout as delay } from 'node:timers/promises';
import { EXIT, Failure } from './failure.js';
import type { Ask } from './gateway-client.js';
import { failureOf } from './failure.js';

/** Most retries of a request. */
const MAX_REPETITIONS = 5;
/** Before the next time, if the gateway does not say when. Unit: ms. */
const PAUSE_MS = 5_000;

/**
 * Returns what asks as `ask` does, and again where the gateway cannot be reached, or refuses for now what it was asked as
 * a whole. `tell` gets a sentence before each pause.
 */
export function withPatience(ask: Ask, tell: (sentence: string) => void): Ask {
  return async (document, variables) => {
    for (let repetitions = 0; ; repetitions += 1) {
      try {
        const reply = await ask(document, variables);
        const [problem] = reply.problems;
        if (problem === undefined) return reply;
        throw failureOf(problem);
      } catch (error) {
        const isWorthIt = error instanceof Failure && error.exitCode === EXIT.unavailable;
        if (!isWorthIt || repetitions === MAX_REPETITIONS) throw error;
        const pauseMs = error.retryAfterMs ?? PAUSE_MS;
        tell(`${error.message}\nAsks again in ${Math.ceil(pauseMs / 1000)} s.`);
        await delay(pauseMs);
      }
    }
  };
}
