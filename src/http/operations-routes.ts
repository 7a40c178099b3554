import type { FastifyInstance } from 'fastify';
import type { Send } from './send.js';

/** What /readyz tells. */
export interface Readiness {
  readonly ready: boolean;
  readonly [part: string]: unknown;
}

export interface OperationsOptions {
  readonly readiness: () => Readiness;
  /** What /metrics tells. */
  readonly metrics: () => Promise<{ contentType: string; body: string }>;
}

const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8' };
const ALIVE = JSON.stringify({ status: 'ok' });

/** Adds /healthz: the process lives. */
export function addHealthRoute(app: FastifyInstance, send: Send): void {
  app.get('/healthz', (_, reply) => send(reply, 200, JSON_HEADERS, ALIVE));
}

/** Adds /readyz, whether the gateway is to be asked, and /metrics. */
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
