import type { ApolloServerPlugin } from '@apollo/server';
import { traceKeyText } from '../call/key.js';
import type { Audit } from '../observability/audit.js';
import { traceIdsOf } from '../tracing/trace-ids.js';
import type { GraphContext } from './context.js';

/** Returns the plugin that writes one audit event for each operation whose answer shows a phone number, before the answer is sent. */
export function createAuditPlugin(audit: Audit): ApolloServerPlugin<GraphContext> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        willSendResponse: ({ contextValue }) => {
          const { caller, requestId, numbersShown } = contextValue;
          if (numbersShown.size > 0) {
            audit({
              caller: caller.id,
              requestId,
              numbers: caller.seesNumbers ? 'whole' : 'masked',
              calls: [...new Set([...numbersShown].map(traceKeyText))],
              ...traceIdsOf(contextValue),
            });
          }
          return Promise.resolve();
        },
      }),
  };
}
