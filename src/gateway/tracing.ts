import type { Logger } from 'pino';
import type { Config } from '../config/gateway-config.js';
import { registeredAgent } from '../tracing/agent.js';
import type { Tracing } from '../tracing/span.js';

/**
 * Opens tracing; null: it is off. The SDK is loaded only when tracing is on. The log says who exports, and if an agent cannot
 * take our spans.
 */
export async function openTracing(config: Config['tracing'], log: Logger): Promise<Tracing | null> {
  if (config.by === null) {
    log.info('traces are off');
    return null;
  }
  const otel = await import('../tracing/otel/open.js');
  if (config.by === 'own') {
    const { origin, pathname } = new URL(config.options.exporter.url);
    log.info({ collector: `${origin}${pathname}` }, 'traces are exported by the gateway itself');
    return otel.openTracing(config.options, log);
  }
  const tracing = otel.openTracingOfAgent(config.readsHeaders);
  if (tracing) log.info('traces are exported by an agent in this process');
  else
    log.warn(
      { apiVersion: registeredAgent()?.version },
      'traces are off: an agent in this process uses a version of the OpenTelemetry API that cannot take them',
    );
  return tracing;
}
