import type { Logger } from 'pino';
import { wholeClientAddress } from '../access/client-address.js';
import type { GraphContext } from '../graphql/context.js';
import { traceIdsOf } from '../tracing/trace-ids.js';
import type { OnExchangeEnd } from './connections.js';

/** Which part of a client's address is logged: all of it, its network (IPv4 `/24`, IPv6 `/48`), or nothing. */
export type ShownAddress = 'full' | 'network' | 'none';

export interface RequestLineOptions {
  readonly log: Logger;
  /** The path whose requests are logged at `info`; all others at `debug`. */
  readonly graphqlPath: string;
  readonly clientAddress: ShownAddress;
  /** The number of trusted proxies before this server. */
  readonly trustedProxies: number;
}

/** Longest path in the log. Unit: characters. */
const MAX_LOGGED_PATH = 100;

/** Returns the function that logs each ended exchange: caller, operation, outcome and duration. */
export function createRequestLine({
  log,
  graphqlPath,
  clientAddress,
  trustedProxies,
}: RequestLineOptions): OnExchangeEnd {
  return (exchange, answered) => {
    const { request, path, context, refused } = exchange;
    const level = path === graphqlPath ? 'info' : 'debug';
    if (!log.isLevelEnabled(level)) return;
    const ids = traceIdsOf(exchange);
    // pino omits undefined fields. Spreading parts into the object would double the cost of the line.
    log[level](
      {
        requestId: exchange.requestId,
        trace_id: ids?.trace_id,
        span_id: ids?.span_id,
        trace_flags: ids?.trace_flags,
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

/** Returns an address as it is logged; undefined if it is not. */
export function shownAddress(address: string, shown: ShownAddress): string | undefined {
  if (shown === 'none' || address === '') return undefined;
  const ipv4OrFull = address.replace(/^::ffff:(?=[\d.]+$)/i, '');
  if (shown === 'full') return ipv4OrFull;
  if (!ipv4OrFull.includes(':')) return ipv4OrFull.replace(/\.\d+$/, '.0/24');
  const groups = (ipv4OrFull.split('::', 1)[0] ?? '').split(':').filter((group) => group !== '');
  return `${groups.slice(0, 3).join(':')}::/48`;
}
