import type { Logger } from 'pino';
import type { Config } from '../config/gateway-config.js';
import type { Tracing } from '../tracing/span.js';

/** Where packages of OpenTelemetry that are not ours register what they bring. Source: @opentelemetry/api 1.x, `global-utils`. */
const REGISTRY = Symbol.for('opentelemetry.js.api.1');

/**
 * Opens tracing; null: it is off. Where an agent runs in this process, its provider gets the spans, and no second one is
 * opened. The SDK is loaded only when tracing is on.
 */
export async function openTracing(
  { options, mayUseAgent, readsHeaders }: Config['tracing'],
  log: Logger,
): Promise<Tracing | null> {
  const hasAgent = mayUseAgent && isAgentPresent();
  if (!options && !hasAgent) return null;
  const otel = await import('../tracing/otel/open.js');
  return hasAgent || !options ? otel.openTracingOfAgent(readsHeaders) : otel.openTracing(options, log);
}

function isAgentPresent(): boolean {
  const registry = (globalThis as Readonly<Record<symbol, { readonly trace?: unknown } | undefined>>)[REGISTRY];
  return registry?.trace !== undefined;
}
