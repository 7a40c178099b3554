import type { Server } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import type { Exchange } from './exchange.js';

/** Called when an exchange ends. `answered`: false if the client disconnected before it had the complete response. */
export type OnExchangeEnd = (exchange: Exchange, answered: boolean) => void;

/** How a server closes. */
export interface ClosingTimes {
  /** An idle connection is closed after this time without bytes from the client. Unit: ms. */
  readonly idleMs: number;
  /** Requests still running after this time are aborted. Unit: ms. */
  readonly timeoutMs: number;
}

/** The connections of one server, with their exchanges. */
export interface Connections {
  readonly count: number;
  /** Whether replies carry `Connection: close`. */
  readonly isDraining: boolean;
  /** Tracks an exchange until its end. */
  begin(exchange: Exchange): void;
  /** Returns the exchange that is answered next on a connection; undefined if it is idle. */
  oldestOn(socket: Socket): Exchange | undefined;
  /**
   * Calls `reply` when every request received whole on a connection is answered: at once, or later. It is then the last
   * reply of the connection, so a second one is ignored.
   */
  afterAnswers(socket: Socket, reply: () => void): void;
  /** Whether the reply of this exchange must carry `Connection: close`. */
  isLast(exchange: Exchange): boolean;
  /** Makes replies carry `Connection: close` from now on. The server continues to listen. */
  drain(): void;
  /** Stops listening, and resolves when the last connection is closed. */
  close(times: ClosingTimes): Promise<void>;
}

/** How long the server waits for a request that it has received in part when it closes. Unit: ms. */
const PARTIAL_REQUEST_MS = 2_000;
/** Pause between two checks of the connections while the server closes. Unit: ms. */
const SWEEP_MS = 20;

interface Connection {
  /** Oldest first: pipelined requests run concurrently, and are answered in this order. */
  readonly exchanges: Set<Exchange>;
  newest: Exchange | null;
  /** When it last became idle, or was opened. Unit: ms, monotonic. */
  idleSince: number;
  /** The bytes read by then: more than that is part of a request. Unit: bytes. */
  idleBytes: number;
  /** The reply that ends the connection after all answers; null: none is due. */
  lastReply: (() => void) | null;
}

/** Tracks the connections of a server from its start. */
export function trackConnections(server: Server, onEnd: OnExchangeEnd): Connections {
  const connections = new Map<Socket, Connection>();
  let isDraining = false;

  server.on('connection', (socket: Socket) => {
    const connection: Connection = {
      ...{ exchanges: new Set(), newest: null, lastReply: null },
      ...{ idleSince: performance.now(), idleBytes: 0 },
    };
    connections.set(socket, connection);
    socket.once('close', () => {
      connections.delete(socket);
      // node emits no event on responses that wait behind another one.
      for (const exchange of connection.exchanges) end(exchange, connection, socket);
    });
  });

  return {
    get count() {
      return connections.size;
    },
    get isDraining() {
      return isDraining;
    },
    begin(exchange) {
      const { socket } = exchange.request;
      const connection = connections.get(socket);
      if (!connection) return;
      exchange.isNext = connection.exchanges.size === 0;
      connection.exchanges.add(exchange);
      connection.newest = exchange;
      exchange.response.once('close', () => end(exchange, connection, socket));
    },
    oldestOn: (socket) => connections.get(socket)?.exchanges.values().next().value,
    afterAnswers(socket, reply) {
      const connection = connections.get(socket);
      if (!connection || connection.lastReply) return;
      connection.lastReply = reply;
      if (isAnswered(connection)) reply();
    },
    isLast(exchange) {
      return isDraining && connections.get(exchange.request.socket)?.newest === exchange;
    },
    drain() {
      isDraining = true;
    },
    close,
  };

  function end(exchange: Exchange, connection: Connection, socket: Socket): void {
    if (!connection.exchanges.delete(exchange)) return;
    exchange.isOver = true;
    connection.idleSince = performance.now();
    connection.idleBytes = socket.bytesRead;
    const answered = exchange.response.writableFinished;
    if (!answered) exchange.onLeave?.();
    onEnd(exchange, answered);
    advance(connection, socket);
    if (connection.lastReply && exchange.request.complete && isAnswered(connection)) connection.lastReply();
  }

  /** Lets the oldest exchange of a connection answer. */
  function advance({ exchanges }: Connection, socket: Socket): void {
    for (const next of exchanges) {
      if (next.isNext || !connections.has(socket)) return;
      next.isNext = true;
      return next.onNext?.();
    }
  }

  function close({ idleMs, timeoutMs }: ClosingTimes): Promise<void> {
    isDraining = true;
    const startedAt = performance.now();
    const sweep = (): void => {
      const now = performance.now();
      const isOverdue = now - startedAt >= timeoutMs;
      const isPartialOverdue = now - startedAt >= PARTIAL_REQUEST_MS;
      for (const [socket, connection] of connections)
        if (isOverdue || isClosable(socket, connection, now - idleMs, isPartialOverdue)) socket.destroy();
    };
    return new Promise((resolve) => {
      const timer = setInterval(sweep, SWEEP_MS);
      // The `close` of the HTTP server would also destroy connections whose response is written but not sent yet.
      NetServer.prototype.close.call(server, () => {
        clearInterval(timer);
        resolve();
      });
      sweep();
    });
  }
}

/** Whether no request that was received whole waits for its answer. */
function isAnswered({ exchanges }: Connection): boolean {
  return ![...exchanges].some(({ request }) => request.complete);
}

function isClosable(
  socket: Socket,
  { exchanges, idleSince, idleBytes }: Connection,
  idleBefore: number,
  isPartialOverdue: boolean,
): boolean {
  for (const { request } of exchanges) return isPartialOverdue && !request.complete; // the exchange that is answered next
  const isPartial = socket.bytesRead > idleBytes;
  return isPartial ? isPartialOverdue : idleSince <= idleBefore;
}
