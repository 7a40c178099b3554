import type { Logger } from 'pino';
import { wholeClientAddress } from '../access/client-address.js';
import type { GraphContext } from '../graphql/context.js';
import type { OnOver } from './connections.js';

/** How much of a client's address the log shows: all of it, its network (IPv4 `/24`, IPv6 `/48`), or nothing. */
export type ShownAddress = 'full' | 'network' | 'none';

export interface RequestLineOptions {
  readonly log: Logger;
  /** The path whose requests have a line at level `info`; all others have one at `debug`. */
  readonly graphqlPath: string;
  readonly clientAddress: ShownAddress;
  /** How many proxies stand before this server. */
  readonly trustedProxies: number;
}

/** As much of a path as the log shows. Unit: characters. */
const MAX_LOGGED_PATH = 100;

/** Returns what writes a line for each exchange that is over: who asked for what, what came of it, and how long it took. */
export function createRequestLine({ log, graphqlPath, clientAddress, trustedProxies }: RequestLineOptions): OnOver {
  return (exchange, answered) => {
    const { request, path, context, refused } = exchange;
    const level = path === graphqlPath ? 'info' : 'debug';
    if (!log.isLevelEnabled(level)) return;
    // What is undefined does not appear. Parts spread into it would cost as much again as the rest of the line.
    log[level](
      {
        requestId: exchange.requestId,
        method: request.method,
        path: path.slice(0, MAX_LOGGED_PATH),
        status: exchange.response.statusCode,
        ms: Math.round(performance.now() - exchange.startedAt),
        clientGone: answered ? undefined : true,
        caller: exchange.authenticated?.caller.id,
        operation: context?.operationName ?? undefined,
        outcomes: exchange.refusedCodes ?? (context ? outcomesOf(context) : undefined),
        refused: refused ?? undefined,
        detail: exchange.refusalDetail ?? undefined,
        client: refused === null ? undefined : shownAddress(wholeClientAddress(request, trustedProxies), clientAddress),
      },
      'request',
    );
  };
}

function outcomesOf({ outcomes }: GraphContext): readonly string[] {
  return outcomes.length > 0 ? outcomes : OK;
}

const OK = ['ok'];

/** An address as the log shows it; undefined if it does not. */
export function shownAddress(address: string, shown: ShownAddress): string | undefined {
  if (shown === 'none' || address === '') return undefined;
  const plain = address.replace(/^::ffff:(?=[\d.]+$)/i, '');
  if (shown === 'full') return plain;
  if (!plain.includes(':')) return plain.replace(/\.\d+$/, '.0/24');
  const groups = (plain.split('::', 1)[0] ?? '').split(':').filter((group) => group !== '');
  return `${groups.slice(0, 3).join(':')}::/48`;
}
