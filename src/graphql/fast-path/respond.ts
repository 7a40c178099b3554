import type { RateLimiter } from '../../access/rate-limit.js';
import type { Audit } from '../../observability/audit.js';
import type { GraphContext } from '../context.js';
import { pointsOfFields } from '../limits/cost.js';
import { traceIdsOf } from '../../tracing/trace-ids.js';
import type { Limits } from '../limits/limits.js';
import { charge } from '../limits/payment.js';
import type { OperationObserver } from '../observer.js';
import { describeOperation } from '../operation-span.js';
import { concatenate, numbersShownBy, type Pieces } from './answer.js';
import type { PlannedOperation } from './plan-cache.js';
import type { Span } from '../../tracing/span.js';
import type { View } from './view.js';

export interface ResponderOptions {
  readonly limits: Pick<Limits, 'fields'>;
  readonly points: RateLimiter | null;
  readonly observer: OperationObserver;
  readonly audit: Audit;
}

/**
 * Returns the body of an answer; null, with nothing done, if it has too many fields. `views`: of all fields, one after the
 * other. `startedAt`: by the monotonic clock of the process, in ms.
 */
export type Respond = (
  operation: PlannedOperation,
  views: readonly View[],
  context: GraphContext,
  startedAt: number,
) => Pieces | null;

/** Returns the function that completes an answer: it audits, charges and counts, as plugins do on the standard path. */
export function createResponder({ limits, points, observer, audit }: ResponderOptions): Respond {
  return (operation, views, context, startedAt) => {
    const fields = fieldsOf(operation, views);
    if (fields > limits.fields) return null;
    const { caller, requestId } = context;
    const calls = numbersShownBy(views);
    if (calls.length > 0) {
      context.isStorable = false;
      const numbers = caller.seesNumbers ? 'whole' : 'masked';
      audit({ caller: caller.id, requestId, numbers, calls, ...traceIdsOf(context) });
    }
    const due = pointsOfFields(fields) - pointsOfFields(operation.cost.fields);
    if (points && due > 0) void charge(points, caller.bucket, due); // never rejects
    count(views);
    observer.fastPath('answered');
    const seconds = (performance.now() - startedAt) / 1000;
    context.operationName = observer.operation('query', operation.operationName, [], seconds);
    if (context.span) describe(context.span, operation, views, context.operationName);
    return concatenate(operation.fields, views);
  };

  function describe(
    span: Span,
    { documentHash, cost: { points: cost } }: PlannedOperation,
    views: readonly View[],
    label: string | null,
  ): void {
    const answers = views.map(({ trace }) => trace);
    describeOperation(span, { kind: 'query', label, documentHash, cost, codes: [], answers });
  }

  function count(views: readonly View[]): void {
    let fromMemory = 0;
    for (const { trace } of views) {
      if (trace.source === 'MEMORY' && !trace.stale) fromMemory += 1;
      else observer.answer(trace.source, trace.stale);
    }
    if (fromMemory > 0) observer.answer('MEMORY', false, fromMemory);
  }
}

function fieldsOf({ fields }: PlannedOperation, views: readonly View[]): number {
  let sum = fields.length;
  for (const view of views) sum += view.fields;
  return sum;
}
