import type { GraphQLError } from 'graphql';
import { UpstreamTimeoutError } from '../../call/errors.js';
import type { CallUnderstanding } from '../../call/understanding/understanding.js';
import { derivedCounts, legCounts, type ItemCounts } from './item-counts.js';
import { createLimitError, createReferenceLimitError } from './limits.js';
import { FIELDS_PER_SHARE, type Turns } from './turns.js';
import { fieldsOfCall, fieldsOfItems, type Weight } from './weight.js';

/** What one operation completes of its answer, and when. */
export interface OperationWork {
  /** Fields of its answer that are completed, or are about to be. */
  readonly fields: number;
  /** Why there is no answer: it would have more fields than it may. Null as long as it has not. */
  readonly problem: GraphQLError | null;
  /**
   * Fulfils when a call of so many legs may be completed, under this name at the root of the answer. Rejects with the
   * problem if the answer is too long by it; with UpstreamTimeoutError if it would come too late, as all of these do.
   */
  begin(root: string, legs: number): Promise<void>;
  /**
   * Fulfils when what is derived from a call may be completed; `begin` has fulfilled for it. At once, and without a look
   * at it, if nothing of it is asked for. Rejects as `begin` does.
   */
  beginDerived(root: string, legs: number, understandingOf: () => CallUnderstanding): Promise<void>;
  /**
   * Counts a representation of the `_entities` with this name, in the order of its list. Throws if the operation would cost
   * too much with it: it fails alone, and those before it are answered.
   */
  takeReference(root: string): void;
  /** Fulfils when so many objects that are no calls may be completed below this name. */
  take(root: string, objects: number): Promise<void>;
  /** The items of a list of a call that has begun, by the list's path: those of a long one come in later turns, some at a time. */
  itemsOf<Item>(root: string, path: string, items: readonly Item[]): readonly (Item | Promise<Item>)[];
}

export interface OperationWorkOptions {
  /** Of each field at the root of the operation. */
  readonly weights: ReadonlyMap<string, Weight>;
  /** Fields of the answer that belong to no call. */
  readonly fieldsBesideCalls: number;
  /** How many representations of each `_entities` are answered, by its name in the answer. */
  readonly references: ReadonlyMap<string, number>;
  /** What the operation may cost, which has decided on `references`. Unit: points. */
  readonly costLimit: number;
  /** Most fields of an answer. */
  readonly limit: number;
  readonly turns: Turns;
  /** Whether the answer would come too late: the deadline has passed, or the client has left. */
  readonly isTooLate: () => boolean;
}

/** Creating a leg takes as long as completing this many fields. */
const STEPS_PER_LEG = 4;
/** Deriving what a leg means takes as long as this many fields. */
export const STEPS_PER_DERIVED_LEG = 10;
const NO_WEIGHT: Weight = { perObject: 1, perItem: new Map(), selections: 0, isDerived: false };

/** Returns the work of an operation that has not begun. */
export function createOperationWork(options: OperationWorkOptions): OperationWork {
  const { weights, fieldsBesideCalls, references, costLimit, limit, turns, isTooLate } = options;
  const operation = {};
  const begun = new Set<string>();
  const referencesTaken = new Map<string, number>();
  const laterTurns = new Map<readonly unknown[], readonly Promise<void>[]>();
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
      const weight = weightOf(root);
      const counts = legCounts(legs);
      count(fieldsOfCall(weight, counts));
      const selections = begun.has(root) ? 0 : weight.selections;
      begun.add(root);
      const steps = legs * (STEPS_PER_LEG + (weight.isDerived ? STEPS_PER_DERIVED_LEG : 0));
      const first = weight.isDerived ? 0 : fieldsOfCall(weight, firstShares(weight, counts)); // else in `beginDerived`
      await takeTurn(selections + steps + first);
    },
    async beginDerived(root, legs, understandingOf) {
      const weight = weightOf(root);
      if (!weight.isDerived) return;
      const derived = derivedCounts(legs, understandingOf());
      count(fieldsOfItems(weight, derived));
      const counts: ItemCounts = (path) => legCounts(legs)(path) + derived(path);
      await takeTurn(fieldsOfCall(weight, firstShares(weight, counts)));
    },
    takeReference(root) {
      const taken = (referencesTaken.get(root) ?? 0) + 1;
      referencesTaken.set(root, taken);
      const allowed = references.get(root) ?? Infinity;
      if (taken > allowed) throw createReferenceLimitError(allowed, { cost: costLimit, fields: limit });
    },
    async take(root, objects) {
      await takeTurn(weightOf(root).perObject * objects);
    },
    itemsOf(root, path, items) {
      const weight = weightOf(root);
      const share = itemsPerShare(weight, path);
      if (items.length <= share) return items;
      const later =
        laterTurns.get(items) ?? turnsFor(Math.ceil(items.length / share) - 1, share * perItemOf(weight, path));
      laterTurns.set(items, later); // under another name the same items come in the same turns: both are in the weight
      return items.map((item, index) => later[Math.floor(index / share) - 1]?.then(() => item) ?? item);
    },
  };

  async function takeTurn(size: number): Promise<void> {
    const turn = turns.take(operation, size);
    if (!turn) return;
    await turn;
    if (isTooLate()) throw new UpstreamTimeoutError('the answer is too long for the time that this request had');
  }

  /** Throws the problem if the answer is too long with this many more fields. */
  function count(more: number): void {
    if (problem) throw problem;
    fields += more;
    if (fields > limit) throw (problem = createLimitError(tooLong(limit)));
  }

  function weightOf(root: string): Weight {
    return weights.get(root) ?? NO_WEIGHT;
  }

  function turnsFor(shares: number, size: number): Promise<void>[] {
    return Array.from({ length: shares }, () => takeTurn(size));
  }
}

/** The items that are completed at once. */
function firstShares(weight: Weight, counts: ItemCounts): ItemCounts {
  return (path) => Math.min(counts(path), itemsPerShare(weight, path));
}

/** The lists of one call come at the same time: they share a share. */
function itemsPerShare(weight: Weight, path: string): number {
  const fields = FIELDS_PER_SHARE / Math.max(1, weight.perItem.size);
  return Math.max(1, Math.floor(fields / Math.max(1, perItemOf(weight, path))));
}

/** The fields of an item, with an estimate for the pieces of evidence in it: MOST_EVIDENCE each. */
function perItemOf({ perItem }: Weight, path: string): number {
  return (perItem.get(path) ?? 0) + MOST_EVIDENCE * (perItem.get(`${path}.evidence`) ?? 0);
}
const MOST_EVIDENCE = 4;

function tooLong(limit: number): string {
  return `The answer would have more than ${limit} fields, for the calls have many legs: ask for fewer calls at once, or for fewer fields of each leg.`;
}
