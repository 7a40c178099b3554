import type { DocumentNode, GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { CallRequest } from '../../call/key.js';
import type { Limits } from '../limits/limits.js';
import { REQUEST_COST } from '../../access/authentication.js';
import { askedIn } from './asked.js';
import { compilePlan, type Plan, type Root } from './plan.js';

/** What a request asks for, read. */
export interface Question {
  readonly fields: readonly Field[];
  readonly operationName: string | null;
  /** As `costOf` has it. Unit: points. */
  readonly cost: number;
}

/** One field at the root of an operation, and the calls that it asks for. */
export interface Field {
  readonly root: Root;
  readonly requests: readonly CallRequest[];
}

/** The plans of documents that the plain way has answered. */
export interface KnownPlans {
  /** `hash`: that by which the plain way has just found the document, which clients may do only once one has sent it so. */
  learn(text: string, hash: string | undefined, document: DocumentNode): void;
  /** What a request asks for; null if it is not for the lane. Asks nobody. `bodyBytes`: length of its body. */
  read(body: unknown, bodyBytes: number): Question | null;
}

export interface KnownPlansOptions {
  readonly schema: GraphQLSchema;
  readonly limits: Pick<Limits, 'variablesBytes' | 'variablesDepth' | 'cost'>;
  /** Most keys of one `calls`. */
  readonly maxKeys: number;
}

/** Plans that are remembered. Unit: characters of the documents they were made from. */
const MAX_PLANS_SIZE = 4 * 1024 * 1024;
/** How deep the variables nest that the lane takes: a list of objects. */
const VARIABLES_DEPTH = 3;

/** Returns what remembers plans, the least recently used of which are forgotten, and reads requests by them. */
export function createKnownPlans({ schema, limits, maxKeys }: KnownPlansOptions): KnownPlans {
  const byText = new LRUCache<string, Plan>({ maxSize: MAX_PLANS_SIZE });
  const byHash = new LRUCache<string, Plan>({ maxSize: MAX_PLANS_SIZE });

  return {
    learn(text, hash, document) {
      const plan = byText.get(text) ?? compilePlan(schema, document);
      if (!plan) return;
      byText.set(text, plan, { size: text.length });
      if (hash !== undefined) byHash.set(hash, plan, { size: text.length });
    },
    read(body, bodyBytes) {
      if (bodyBytes > limits.variablesBytes || limits.variablesDepth < VARIABLES_DEPTH) return null;
      const asked = askedIn(body);
      const plan = asked && (asked.isHash ? byHash : byText).get(asked.text);
      if (!plan || (asked.operationName !== undefined && asked.operationName !== plan.operationName)) return null;
      const prepared = plan.prepare(asked.variables);
      if (!prepared) return null;
      const fields: Field[] = [];
      let cost = 0;
      for (const root of prepared.roots) {
        const requests = root.requestsOf(prepared.variables);
        if (!requests || requests.length < 1 || requests.length > maxKeys) return null;
        cost += requests.length;
        fields.push({ root, requests });
      }
      if (cost > limits.cost) return null;
      return { fields, operationName: plan.operationName, cost: Math.max(REQUEST_COST, cost) };
    },
  };
}
