import {
  UpstreamAuthError,
  UpstreamMalformedError,
  UpstreamRejectedError,
  UpstreamUnavailableError,
} from '../call/errors.js';
import { SigningProxyError } from './authorize.js';

/**
 * What goes wrong although the contact centre is there: a firewall refuses us, it asks us to slow down (429), it answers
 * failing result codes, its replies cannot be read, or the signing proxy gives no signatures.
 */
export type Trouble = 'FIREWALL' | 'BUSY' | 'REJECTED' | 'MALFORMED' | 'UNSIGNED';

/** Finds the spells in which one trouble meets every question, for the log: single failures are the client's. */
export interface TroubleWatch {
  /** Takes note of how an attempt ended; null: well. What the endpoints and the lock-out guard tell of counts for nothing. */
  note(failure: unknown): void;
}

/** So many in a row begin a spell, and as many good answers end it: one that comes through now and then is no change. */
const IN_A_ROW = 5;

/** Returns a watch; `onChange` is told when a spell begins, with the failure that made it one, and null when it ends. */
export function createTroubleWatch(onChange: (trouble: Trouble | null, failure: unknown) => void): TroubleWatch {
  let spell: Trouble | null = null;
  let last: Trouble | null | undefined;
  let inARow = 0;
  return {
    note(failure) {
      const trouble = failure === null ? null : troubleOf(failure);
      if (trouble === undefined) return;
      inARow = trouble === last ? inARow + 1 : 1;
      last = trouble;
      if (trouble === spell || inARow < IN_A_ROW) return;
      spell = trouble;
      onChange(spell, failure);
    },
  };
}

function troubleOf(failure: unknown): Trouble | undefined {
  if (failure instanceof SigningProxyError) return 'UNSIGNED';
  if (failure instanceof UpstreamAuthError && failure.refusal === 'FIREWALL') return 'FIREWALL';
  if (failure instanceof UpstreamUnavailableError && failure.status === 429) return 'BUSY';
  if (failure instanceof UpstreamRejectedError) return 'REJECTED';
  if (failure instanceof UpstreamMalformedError) return 'MALFORMED';
  return undefined;
}
