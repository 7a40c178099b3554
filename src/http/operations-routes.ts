import type { FastifyInstance } from 'fastify';
import type { Send } from './send.js';

/** The body of /readyz. */
export interface Readiness {
  readonly ready: boolean;
  readonly [part: string]: unknown;
}

export interface OperationsOptions {
  readonly readiness: () => Readiness;
  /** Returns the body of /metrics. */
  readonly metrics: () => Promise<{ contentType: string; body: string }>;
}

const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8' };
const ALIVE = JSON.stringify({ status: 'ok' });

/** Adds /healthz: the process is alive. */
export function addHealthRoute(app: FastifyInstance, send: Send): void {
  app.get('/healthz', (_, reply) => send(reply, 200, JSON_HEADERS, ALIVE));
}

/** Adds /readyz (whether load balancers should send requests) and /metrics. */
export function addOperationsRoutes(app: FastifyInstance, send: Send, { readiness, metrics }: OperationsOptions): void {
  app.get('/readyz', (_, reply) => {
    const state = readiness();
    send(reply, state.ready ? 200 : 503, JSON_HEADERS, JSON.stringify(state));
  });
  app.get('/metrics', (_, reply) => {
    metrics().then(
      ({ contentType, body }) => send(reply, 200, { 'content-type': contentType }, body),
      (error: unknown) => reply.send(error),
    );
  });
}
