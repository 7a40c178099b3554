import type { Logger } from 'pino';
import type { RefusalReason } from '../observability/refusals.js';
import type { ShownAddress } from './request-line.js';

/** How a server listens, limits its clients and stops. */
export interface HttpOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** How long the server continues to serve after `stop`, with `Connection: close` on each reply. Unit: ms. */
  readonly drainMs: number;
  /** After this further time running requests are aborted. Unit: ms. */
  readonly stopTimeoutMs: number;
  /** Most open connections; further ones are closed at once. */
  readonly maxConnections: number;
  /** Limit for receiving a request, or its first byte; then the reply is 408. Unit: ms. */
  readonly receiveTimeoutMs: number;
  /** How long an idle connection stays open after a reply. Unit: ms. */
  readonly keepAliveTimeoutMs: number;
  /** Longest body. Unit: bytes. */
  readonly maxBodyBytes: number;
  /** The number of proxies before this server, whose headers about addresses and TLS are trusted. */
  readonly trustedProxies: number;
  /** Added to the message of 404. */
  readonly notFoundHint: string;
  /** The path whose requests are logged at level `info`. */
  readonly graphqlPath: string;
  /** Which part of the address of a refused client is logged. */
  readonly logClientAddress: ShownAddress;
  readonly log: Logger;
  /** The log for request lines: they hold no personal data, so they need no redaction. */
  readonly requestLog: Logger;
  /** Called for each refusal. */
  readonly onRefused: (reason: RefusalReason) => void;
}
