import { HeaderMap } from '@apollo/server';
import { GraphQLError } from 'graphql';
import { REQUEST_COST } from '../../access/authenticate-request.js';
import type { RateLimiter } from '../../access/rate-limit.js';
import { createPointsError, retryAfterSeconds } from '../../access/rate-limit-refusals.js';
import type { GraphContext } from '../context.js';
import { pointsOfFields } from './cost.js';

/**
 * Charges the cost of the operation of a context, minus the points that its request has already paid. Rejects with a
 * GraphQLError (`RATE_LIMITED`) if the caller has too few points left.
 */
export async function pay(context: GraphContext, points: RateLimiter): Promise<void> {
  if (context.cost <= REQUEST_COST) return;
  context.points = context.taken ?? (await points.consume(context.caller.bucket, context.cost - REQUEST_COST));
  if (context.points.allowed) return;
  const { message, retryAfterMs } = createPointsError(context.points, REQUEST_COST);
  const headers = new HeaderMap([['retry-after', retryAfterSeconds(retryAfterMs)]]);
  throw new GraphQLError(message, {
    extensions: { code: 'RATE_LIMITED', retryable: true, retryAfterMs, http: { status: 429, headers } },
  });
}

/**
 * Charges a bucket, after the answer, for the fields beyond those that were paid for. There is no refund for fewer fields.
 */
export function settle(points: RateLimiter, bucket: string, paidFields: number, fields: number): Promise<void> {
  return charge(points, bucket, pointsOfFields(fields) - pointsOfFields(paidFields));
}

/** Charges a bucket for work already done. A bucket with fewer points is emptied. */
export async function charge(points: RateLimiter, bucket: string, due: number): Promise<void> {
  if (due <= 0) return;
  const taken = await points.consume(bucket, Math.min(due, points.limit));
  if (!taken.allowed && taken.remaining > 0) await points.consume(bucket, taken.remaining);
}
