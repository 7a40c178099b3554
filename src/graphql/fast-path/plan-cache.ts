import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import { PARSED_BYTES_PER_CHARACTER } from '../document-store.js';
import { pointsOf } from '../limits/cost.js';
import { MAX_KEYS, type Limits } from '../limits/limits.js';
import { hashForSpan } from '../operation-span.js';
import { createSeenDocuments } from '../seen-documents.js';
import type { TrustedDocuments } from '../trusted-documents.js';
import type { FallbackReason } from './fallback.js';
import type { OperationRequest } from './operation-request.js';
import { compilePlan, type Plan, type PlanScope, type Root } from './plan.js';
import type { CallNaming } from './requests.js';

/** A request matched to its plan. */
export interface PlannedOperation {
  readonly fields: readonly Field[];
  readonly operationName: string | null;
  /** SHA-256 of the document, for spans; undefined: it is not exported. */
  readonly documentHash: string | undefined;
  /** As `costOf` has them. */
  readonly cost: { readonly points: number; readonly fields: number };
}

/** One field at the root of an operation, and what names the calls that it asks for. */
export interface Field {
  readonly root: Root;
  readonly requests: readonly CallNaming[];
}

/** The plans of documents that the standard path has answered twice. */
export interface PlanCache {
  /**
   * Learns a document that the standard path has answered without an error of its own. `queryHash`: its SHA-256;
   * `isPersisted`: it was found by that hash, which works only after a client has sent both.
   */
  answered(text: string, queryHash: string, isPersisted: boolean, document: DocumentNode): void;
  /** Returns the request matched to its plan, or why the standard path must answer it. */
  read(request: OperationRequest): PlannedOperation | FallbackReason;
}

export interface PlanCacheOptions {
  readonly scope: PlanScope;
  readonly limits: Pick<Limits, 'cost' | 'fields'>;
  readonly trusted: TrustedDocuments | undefined;
  /** The limit of a caller's points; Infinity without a limit. */
  readonly mostPoints: number;
}

/** A plan, and the SHA-256 of its document where it may be exported. */
interface CachedPlan extends Plan {
  readonly documentHash: string | undefined;
}

/** Most plans, by text and by hash. */
const MAX_PLANS = 1_000;
/** By the estimates below. Unit: bytes. */
const MAX_BYTES = 16 * 1024 * 1024;
/** Memory of a variant of a plan per character of its document (measured 20 to 46), and of a plan in addition. Unit: bytes. */
const PLAN_BYTES_PER_CHARACTER = 60;
const PLAN_BYTES = 2_000;

/** Returns an empty cache of plans. It evicts the least recently used ones. */
export function createPlanCache({ scope, limits, trusted, mostPoints }: PlanCacheOptions): PlanCache {
  const seen = createSeenDocuments();
  const bounds = { max: MAX_PLANS, maxSize: MAX_BYTES };
  const byText = new LRUCache<string, CachedPlan | 'unsupported'>(bounds);
  const byHash = new LRUCache<string, CachedPlan>(bounds);

  return {
    answered(text, queryHash, isPersisted, document) {
      let plan = byText.get(text);
      if (!plan) {
        if (seen.isNew(queryHash)) return;
        const compiled = compilePlan(scope, document);
        plan = compiled ? { ...compiled, documentHash: hashForSpan(text, queryHash, trusted) } : 'unsupported';
        byText.set(text, plan, { size: sizeOf(text, plan) });
      }
      if (isPersisted && plan !== 'unsupported') byHash.set(queryHash, plan, { size: sizeOf(text, plan) });
    },
    read(request) {
      const plan = planOf(request);
      if (typeof plan === 'string') return plan;
      const { operationName } = request;
      if (operationName !== undefined && operationName !== plan.operationName) return 'request_form';
      const prepared = plan.prepare(request.variables);
      if (typeof prepared === 'string') return prepared;
      const fields: Field[] = [];
      let [calls, answerFields] = [0, 0];
      for (const root of prepared.roots) {
        const requests = root.requestsOf(prepared.variables);
        if (!requests || (root.field === 'calls' && requests.length > MAX_KEYS)) return 'variables';
        calls += requests.length;
        answerFields += 1 + requests.length * root.assumedFields;
        fields.push({ root, requests });
      }
      const points = pointsOf(calls, answerFields);
      if (points > limits.cost || answerFields > limits.fields || points > mostPoints) return 'variables';
      const { documentHash } = plan;
      return { fields, operationName: plan.operationName, documentHash, cost: { points, fields: answerFields } };
    },
  };

  /** Which document counts, where a request names it in several ways, is as `document-policy.ts` has it. */
  function planOf({ query, documentId, hash }: OperationRequest): CachedPlan | FallbackReason {
    const id = documentId ?? hash;
    const text = query ?? (id === undefined ? undefined : trusted?.textOf(id));
    if (text !== undefined && trusted?.has(text)) return byText.get(text) ?? 'not_compiled';
    if (trusted?.enforced) return 'not_compiled';
    if (query !== undefined) return hash === undefined ? (byText.get(query) ?? 'not_compiled') : 'request_form';
    if (documentId !== undefined || hash === undefined) return 'request_form';
    return byHash.get(hash) ?? 'not_compiled';
  }
}

function sizeOf(text: string, plan: Plan | 'unsupported'): number {
  if (plan === 'unsupported') return PLAN_BYTES + text.length * 2;
  const parsed = plan.variants > 1 ? PARSED_BYTES_PER_CHARACTER : 0;
  const perCharacter = plan.variants * PLAN_BYTES_PER_CHARACTER + parsed;
  return PLAN_BYTES + text.length * perCharacter;
}
