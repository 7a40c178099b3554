import type { ApolloServerPlugin } from '@apollo/server';
import type { Dated, Life } from '../call/life.js';
import type { GraphContext } from './context.js';

/**
 * Returns the plugin that tells HTTP caches how fresh an answer to a GET is: `max-age` and `Age` of the least fresh call
 * in it, `private` because calls hold personal data; `no-store` for any other method, for an answer without calls, and
 * as soon as anything failed.
 */
export function createCacheHeadersPlugin(
  lifeOf: (trace: Dated) => Life,
  now: () => number,
): ApolloServerPlugin<GraphContext> {
  return {
    requestDidStart: ({ request }) =>
      Promise.resolve({
        willSendResponse: ({ response, contextValue: { answers } }) => {
          const { headers } = response.http;
          const failed = response.body.kind === 'single' && response.body.singleResult.errors !== undefined;
          const leastFresh = answers
            .map((trace) => ({ ...trace, freshUntil: trace.stale ? trace.askedAt : lifeOf(trace).freshUntil }))
            .sort((a, b) => a.freshUntil - b.freshUntil)[0];
          if (request.http?.method !== 'GET' || failed || !leastFresh) {
            headers.set('cache-control', 'no-store');
          } else {
            const lifeMs = Math.max(0, leastFresh.freshUntil - leastFresh.askedAt);
            const ageMs = Math.max(0, now() - leastFresh.askedAt);
            headers.set('cache-control', `private, max-age=${Math.floor(lifeMs / 1000)}`);
            headers.set('age', String(Math.ceil(ageMs / 1000)));
          }
          return Promise.resolve();
        },
      }),
  };
}
