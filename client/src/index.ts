/** What the package gives out. */
export { createCallTraceClient, type CallTraceClient, type CallTraceClientOptions } from './client.js';
export type { CallDetails, CallKey, CallOptions, CallOverview, CallResult, CallsOptions } from './calls.js';
export type { Answer } from './answer.js';
export type { Ask, AskOptions } from './ask.js';
export type { Fetch, FetchInit, FetchResponse } from './attempt.js';
export type { AnyDocument, CallTraceDocument, TextDocument } from './document.js';
export {
  GatewayError,
  isCallTraceError,
  isKnownErrorCode,
  TransportError,
  type CallErrorCode,
  type CallTraceError,
  type GatewayErrorCode,
  type TransportErrorCode,
} from './errors.js';
export type { Credential, DocumentForm, RequestOptions } from './request.js';
export * from './generated.js';
