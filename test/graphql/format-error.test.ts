import { describe, expect, it } from '@jest/globals';
import { GraphQLError } from 'graphql';
import {
  InvalidCallKeyError,
  UpstreamAuthError,
  UpstreamMalformedError,
  UpstreamOverloadedError,
  UpstreamRejectedError,
  UpstreamTimeoutError,
  UpstreamUnavailableError,
} from '../../src/call/errors.js';
import { createErrorFormat, isUnexpected } from '../../src/graphql/format-error.js';

/** An error as a resolver's throw reaches the formatter. */
const thrown = (originalError: Error) => new GraphQLError(originalError.message, { originalError, path: ['call'] });
const format = (error: GraphQLError) => createErrorFormat(false)(error.toJSON(), error);

describe('the format of errors', () => {
  it.each([
    [new InvalidCallKeyError('vdn', 'm'), { code: 'BAD_USER_INPUT', retryable: false, argument: 'vdn' }],
    [new UpstreamTimeoutError('m'), { code: 'UPSTREAM_TIMEOUT', retryable: true }],
    [new UpstreamOverloadedError('m'), { code: 'UPSTREAM_OVERLOADED', retryable: true }],
    [new UpstreamMalformedError('m'), { code: 'UPSTREAM_MALFORMED', retryable: false }],
    [
      new UpstreamUnavailableError('m', { status: 429, retryAfterMs: 7000 }),
      { code: 'UPSTREAM_UNAVAILABLE', retryable: true, retryAfterMs: 7000, upstream: { httpStatus: 429 } },
    ],
    [
      new UpstreamAuthError('signature_refused', 'm', { status: 401 }),
      { code: 'UPSTREAM_AUTH_FAILED', retryable: false, upstream: { httpStatus: 401 } },
    ],
    [
      new UpstreamRejectedError('m', { resultCode: '0100001', retryable: true }),
      { code: 'UPSTREAM_REJECTED', retryable: true, upstream: { resultCode: '0100001' } },
    ],
  ])('gives a failure its stable code: %s', (failure, extensions) => {
    expect(format(thrown(failure))).toEqual({ message: 'm', path: ['call'], extensions });
  });

  it("leaves a client's mistake as it is, and says that asking again is useless", () => {
    const mistake = new GraphQLError('Cannot query field', { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });
    expect(format(mistake)).toEqual({
      message: 'Cannot query field',
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED', retryable: false },
    });
  });

  it('masks anything else', () => {
    expect(format(thrown(new TypeError('secret detail')))).toEqual({
      message: 'Internal server error',
      path: ['call'],
      extensions: { code: 'INTERNAL_SERVER_ERROR', retryable: false },
    });
  });
});

describe('isUnexpected', () => {
  it('is true for what clients see masked, and for nothing else', () => {
    expect(isUnexpected(thrown(new TypeError('secret detail')))).toBe(true);
    expect(isUnexpected(new Error('no error of GraphQL'))).toBe(true);
    expect(isUnexpected(thrown(new UpstreamTimeoutError('m')))).toBe(false);
    expect(isUnexpected(new GraphQLError('m', { extensions: { code: 'GRAPHQL_PARSE_FAILED' } }))).toBe(false);
  });
});
