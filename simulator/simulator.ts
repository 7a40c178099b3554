import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { createContactCentre, type ContactCentre } from './contact-centre.js';
import { createExchange } from './exchange.js';
import type { SeenRequest } from './ledger.js';
import type { Behaviour, SimulatorOptions } from './options.js';
import { answer } from './routes.js';
import { nextMonthBegins } from './tables.js';

export type { FaultName } from './fault-names.js';
export type { SeenRequest } from './ledger.js';
export type { Behaviour, SimulatorOptions } from './options.js';

/** A contact centre that listens. Counts are of trace requests since the last reset. */
export interface Simulator {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  /** The last 10 000 trace requests, in the order in which they came. */
  readonly requests: readonly SeenRequest[];
  readonly total: number;
  /** Requests not yet answered, those that wait for a free slot included. */
  readonly inFlight: number;
  readonly peakInFlight: number;
  /** Sockets accepted. */
  readonly connections: number;
  /** Requests to the target of the fault `redirect`. */
  readonly redirectsFollowed: number;
  /** How often a call was asked for, without a limit. */
  countOf(callId: string): number;
  configure(change: Partial<Behaviour>): void;
  /** Behaviour as at the start, counts to 0, locks lifted. */
  reset(): void;
  /** Stops listening and destroys open sockets. */
  close(): Promise<void>;
}

/** Starts a contact centre; fulfils once it listens. Rejects if the port is taken or the time zone is unknown. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { port = 0, host = '127.0.0.1', tls } = options;
  const centre = createContactCentre(options);
  // Asked for its error alone: a misspelt zone is found now, not at the first request.
  nextMonthBegins(centre.now(), centre.timeZone);
  const server = createServer(centre, tls);
  const sockets = trackSockets(server, centre);
  await listen(server, port, host);
  const address = server.address() as AddressInfo;
  const scheme = tls === undefined ? 'http' : 'https';
  const urlHost = host.includes(':') ? `[${host}]` : host;
  const { ledger } = centre;

  return {
    url: `${scheme}://${urlHost}:${address.port}`,
    requests: ledger.requests,
    get total() {
      return ledger.total;
    },
    get inFlight() {
      return ledger.inFlight;
    },
    get peakInFlight() {
      return ledger.peakInFlight;
    },
    get connections() {
      return ledger.connections;
    },
    get redirectsFollowed() {
      return ledger.redirectsFollowed;
    },
    countOf: ledger.countOf,
    configure: centre.configure,
    reset: centre.reset,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function createServer(centre: ContactCentre, tls: SimulatorOptions['tls']): Server {
  const server = tls === undefined ? createHttpServer() : createHttpsServer({ ...tls, rejectUnauthorized: true });
  server.on('request', (request, response) => {
    response.sendDate = false; // node's would tell the time of this host
    if (centre.behaviour.sendDate) response.setHeader('date', new Date(centre.now()).toUTCString());
    if (centre.behaviour.failHandshakes > 0 && !request.url?.startsWith('/control')) request.socket.destroy();
    else void answer(centre, createExchange(request, response, centre.now));
  });
  return server;
}

/** The sockets that are open now; each new one is counted. */
function trackSockets(server: Server, centre: ContactCentre): ReadonlySet<Socket> {
  const { ledger } = centre;
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    ledger.connections += 1;
    const { failHandshakes } = centre.behaviour;
    if (failHandshakes > 0) {
      centre.configure({ failHandshakes: failHandshakes - 1 });
      socket.end('no handshake\r\n'); // reaches the client before its own is done
    }
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
