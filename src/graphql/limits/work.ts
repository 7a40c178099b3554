import type { GraphQLError } from 'graphql';
import type { Call, CallLeg } from '../../call/call.js';
import { createLimitError } from './limits.js';
import { FIELDS_PER_SHARE, type Turns } from './turns.js';
import { fieldsOfCall, type Weight } from './weight.js';

/** What one operation completes of its answer, and when. */
export interface OperationWork {
  /** Fields of its answer that are completed, or are about to be. */
  readonly fields: number;
  /** Why there is no answer: it would have more fields than it may. Null as long as it has not. */
  readonly problem: GraphQLError | null;
  /**
   * Fulfils when a call of so many legs may be completed, under this name at the root of the answer. Rejects with the
   * problem if the answer is too long by it.
   */
  begin(root: string, legs: number): Promise<void>;
  /** Fulfils when so many objects that are no calls may be completed below this name. */
  take(root: string, objects: number): Promise<void>;
  /** The legs of a call for which `begin` has fulfilled: those of a long one come in later turns, some at a time. */
  legsOf(root: string, call: Call): readonly (CallLeg | Promise<CallLeg>)[];
}

export interface OperationWorkOptions {
  /** Of each field at the root of the operation. */
  readonly weights: ReadonlyMap<string, Weight>;
  /** Fields of the answer that belong to no call. */
  readonly fieldsBesideCalls: number;
  /** Most fields of an answer. */
  readonly limit: number;
  readonly turns: Turns;
}

/** A leg is put together before its fields are completed: that takes as long as so many of them. */
const STEPS_PER_LEG = 4;
const NO_WEIGHT: Weight = { perObject: 1, perLeg: 0, selections: 0 };

/** Returns the work of an operation that has not begun. */
export function createOperationWork({ weights, fieldsBesideCalls, limit, turns }: OperationWorkOptions): OperationWork {
  const operation = {};
  const begun = new Set<string>();
  const laterTurns = new Map<Call, readonly Promise<void>[]>();
  let fields = fieldsBesideCalls;
  let problem: GraphQLError | null = null;

  return {
    get fields() {
      return fields;
    },
    get problem() {
      return problem;
    },
    async begin(root, legs) {
      if (problem) throw problem;
      const weight = weightOf(root);
      fields += fieldsOfCall(weight, legs);
      if (fields > limit) throw (problem = createLimitError(tooLong(limit)));
      const selections = begun.has(root) ? 0 : weight.selections;
      begun.add(root);
      const first = fieldsOfCall(weight, Math.min(legs, legsPerShare(weight)));
      await turns.take(operation, selections + legs * STEPS_PER_LEG + first);
    },
    async take(root, objects) {
      await turns.take(operation, weightOf(root).perObject * objects);
    },
    legsOf(root, call) {
      const share = legsPerShare(weightOf(root));
      if (call.legs.length <= share) return call.legs;
      const later = laterTurns.get(call) ?? turnsFor(root, Math.ceil(call.legs.length / share) - 1);
      laterTurns.set(call, later); // under another name the same legs come in the same turns: both are in the weight
      return call.legs.map((leg, index) => later[Math.floor(index / share) - 1]?.then(() => leg) ?? leg);
    },
  };

  function weightOf(root: string): Weight {
    return weights.get(root) ?? NO_WEIGHT;
  }

  function turnsFor(root: string, shares: number): Promise<void>[] {
    const weight = weightOf(root);
    const size = legsPerShare(weight) * weight.perLeg;
    return Array.from({ length: shares }, async () => turns.take(operation, size));
  }
}

function legsPerShare({ perLeg }: Weight): number {
  return Math.max(1, Math.floor(FIELDS_PER_SHARE / Math.max(1, perLeg)));
}

function tooLong(limit: number): string {
  return `The answer would have more than ${limit} fields, for the calls have many legs: ask for fewer calls at once, or for fewer fields of each leg.`;
}
