import type { ApolloServerPlugin } from '@apollo/server';
import { traceKeyText } from '../call/key.js';
import type { GraphContext } from '../graphql/context.js';

/** Whose phone numbers were shown to whom: never a number itself. */
export interface AuditEvent {
  /** `Caller.id`. */
  readonly caller: string;
  readonly requestId: string;
  /** Whether the numbers were shown whole, or masked. */
  readonly numbers: 'whole' | 'masked';
  /** The calls, each once, by the canonical text of their key: `{ccId}:{vdn}:{month}:{callId}`. */
  readonly calls: readonly string[];
}

/** Takes down an event. */
export type Audit = (event: AuditEvent) => void;

/** Returns the plugin that takes down each operation of which the answer shows a phone number: one event, before the answer is sent. */
export function createAuditPlugin(audit: Audit): ApolloServerPlugin<GraphContext> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        willSendResponse: ({ contextValue: { caller, requestId, numbersShown } }) => {
          if (numbersShown.size > 0) {
            audit({
              caller: caller.id,
              requestId,
              numbers: caller.seesNumbers ? 'whole' : 'masked',
              calls: [...new Set([...numbersShown].map(traceKeyText))],
            });
          }
          return Promise.resolve();
        },
      }),
  };
}
