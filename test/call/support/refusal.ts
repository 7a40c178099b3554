import { InvalidCallKeyError } from '../../../src/call/errors.js';

/** The InvalidCallKeyError that `act` throws; anything else, a return included, fails the test. */
export function refusal(act: () => unknown): InvalidCallKeyError {
  let given: unknown;
  try {
    given = act();
  } catch (error) {
    if (error instanceof InvalidCallKeyError) return error;
    throw error;
  }
  throw new Error(`accepted, and gave ${JSON.stringify(given)}`);
}
