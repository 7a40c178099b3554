import type { Logger } from 'pino';
import type { Config } from '../config/gateway-config.js';
import { addGraphqlRoutes, GRAPHQL_PATH, type GraphqlOptions } from '../http/graphql-routes.js';
import { addIdeRoute } from '../http/ide-route.js';
import { addReferenceRoute } from '../http/reference-route.js';
import { addHealthRoute, addOperationsRoutes, type OperationsOptions } from '../http/operations-routes.js';
import type { Viewer } from '../http/viewer.js';
import { addViewerRoutes } from '../http/viewer-routes.js';
import { serve, type AddRoutes, type HttpServer } from '../http/server.js';
import type { RefusalReason } from '../observability/refusals.js';

/** The servers of a gateway: one for clients, and perhaps one for operators. */
export interface GatewayServers {
  /** Where the graph is: `http://host:port`. */
  readonly url: string;
  /** Where /metrics and /readyz are. */
  readonly adminUrl: string;
  /** Connections of clients that are open. */
  readonly connections: number;
  /** Drains and stops the clients' server, then the operators', so that operators can watch the shutdown to its end. */
  stop(): Promise<void>;
}

export interface GatewayServersOptions {
  readonly graphql: Omit<GraphqlOptions, 'deadlineMs' | 'corsOrigins' | 'maxBodyBytes'>;
  /** The page that shows calls; null: it is not served. */
  readonly viewer: Viewer | null;
  /** The path of the reference of the schema; null: it is not served. */
  readonly reference: string | null;
  /** The fields of /readyz beside `ready`. */
  readonly state: () => Readonly<Record<string, unknown>>;
  readonly metrics: OperationsOptions['metrics'];
  readonly log: Logger;
  /** The log for request lines: they hold no personal data, so they need no redaction. */
  readonly requestLog: Logger;
  readonly onRefused: (reason: RefusalReason) => void;
}

/** How long beyond its deadline a running operation may take to send its answer. Unit: ms. */
const STOP_ALLOWANCE_MS = 5_000;

/** Opens the servers, and resolves when they listen. Rejects with the errors of listening, such as EADDRINUSE. */
export async function openServers(config: Config['server'], options: GatewayServersOptions): Promise<GatewayServers> {
  const { adminPort, deadlineMs } = config;
  const { log, requestLog, onRefused, state, metrics, reference } = options;
  let isStopping = false;
  const readiness = () => ({ ready: !isStopping, ...state() });
  const operations: AddRoutes = (app, send) => {
    addHealthRoute(app, send);
    addOperationsRoutes(app, send, { readiness, metrics });
  };
  const common = {
    ...config,
    ...{ log, requestLog, onRefused, graphqlPath: GRAPHQL_PATH },
    stopTimeoutMs: deadlineMs + STOP_ALLOWANCE_MS,
    notFoundHint: `the graph is at ${GRAPHQL_PATH}`,
  };
  const clients = await serve((app, send) => {
    addGraphqlRoutes(app, send, { ...config, ...options.graphql });
    if (config.ide) addIdeRoute(app, send, { graphqlPath: GRAPHQL_PATH, headers: config.ideHeaders, reference });
    if (reference !== null) addReferenceRoute(app, send, reference);
    if (options.viewer) addViewerRoutes(app, send, options.viewer);
    if (adminPort === null) operations(app, send);
    else addHealthRoute(app, send);
  }, common);
  const admin = adminPort === null ? null : await openAdmin(adminPort);

  return {
    url: clients.url,
    adminUrl: (admin ?? clients).url,
    get connections() {
      return clients.connections;
    },
    async stop() {
      isStopping = true;
      await clients.stop();
      await admin?.stop();
    },
  };

  async function openAdmin(port: number): Promise<HttpServer> {
    const notFoundHint = 'there are /healthz, /readyz and /metrics';
    try {
      return await serve(operations, { ...common, port, drainMs: 0, trustedProxies: 0, notFoundHint });
    } catch (error) {
      await clients.stop();
      throw error;
    }
  }
}
