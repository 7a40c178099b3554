import type { Server } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import type { Exchange } from './exchange.js';

/** Told when an exchange is over: `answered` is false if the client left before it had the whole response. */
export type OnOver = (exchange: Exchange, answered: boolean) => void;

/** How a server closes. */
export interface ClosingTimes {
  /** A connection on which nothing runs is closed once nothing came on it for so long. Unit: ms. */
  readonly quietMs: number;
  /** Requests that are still running after so long are cut off. Unit: ms. */
  readonly timeoutMs: number;
}

/** The connections of one server, and what runs on them. */
export interface Connections {
  readonly count: number;
  /** Whether replies say that they are the last on their connection. */
  readonly isDraining: boolean;
  /** Follows an exchange to its end. */
  begin(exchange: Exchange): void;
  /** The exchange that is answered next on a connection; undefined if nothing runs on it. */
  oldestOn(socket: Socket): Exchange | undefined;
  /** Whether the reply of this exchange has to say that it is the last on its connection. */
  isLast(exchange: Exchange): boolean;
  /** From now on replies are the last on their connection. The server listens on. */
  drain(): void;
  /** Stops listening, and resolves when the last connection is closed. */
  close(times: ClosingTimes): Promise<void>;
}

/** A request that was begun before the server closed, and has not come whole by then, is given so long. Unit: ms. */
const HALF_SENT_MS = 2_000;
/** Connections are looked at so often while the server closes. Unit: ms. */
const SWEEP_MS = 20;

interface Connection {
  /** The oldest first: pipelined requests run at the same time, and are answered in this order. */
  readonly exchanges: Set<Exchange>;
  newest: Exchange | null;
  /** When it last fell idle, or was opened. Unit: ms, monotonic. */
  idleSince: number;
  /** What had been read by then: more than that is part of a request. Unit: bytes. */
  idleBytes: number;
}

/** Follows the connections of a server from its start. */
export function trackConnections(server: Server, onOver: OnOver): Connections {
  const connections = new Map<Socket, Connection>();
  let isDraining = false;

  server.on('connection', (socket: Socket) => {
    const connection: Connection = { exchanges: new Set(), newest: null, idleSince: performance.now(), idleBytes: 0 };
    connections.set(socket, connection);
    socket.once('close', () => {
      connections.delete(socket);
      // Responses that wait behind another one are told nothing by node.
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
      connection.exchanges.add(exchange);
      connection.newest = exchange;
      exchange.response.once('close', () => end(exchange, connection, socket));
    },
    oldestOn: (socket) => connections.get(socket)?.exchanges.values().next().value,
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
    onOver(exchange, answered);
  }

  function close({ quietMs, timeoutMs }: ClosingTimes): Promise<void> {
    isDraining = true;
    const startedAt = performance.now();
    const sweep = (): void => {
      const now = performance.now();
      const isOverdue = now - startedAt >= timeoutMs;
      const isHalfSentOver = now - startedAt >= HALF_SENT_MS;
      for (const [socket, connection] of connections)
        if (isOverdue || isToBeClosed(socket, connection, now - quietMs, isHalfSentOver)) socket.destroy();
    };
    return new Promise((resolve) => {
      const timer = setInterval(sweep, SWEEP_MS);
      // The method of the HTTP server would also cut connections whose response is written but not sent yet.
      NetServer.prototype.close.call(server, () => {
        clearInterval(timer);
        resolve();
      });
      sweep();
    });
  }
}

function isToBeClosed(
  socket: Socket,
  { exchanges, idleSince, idleBytes }: Connection,
  quietSince: number,
  isHalfSentOver: boolean,
): boolean {
  for (const { request } of exchanges) return isHalfSentOver && !request.complete; // the one that is answered next
  const isHalfSent = socket.bytesRead > idleBytes;
  return isHalfSent ? isHalfSentOver : idleSince <= quietSince;
}
