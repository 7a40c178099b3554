/**
 * An agent as operators inject it: `node --import` runs it before the gateway. It exports to the collector at AGENT_URL. With
 * AGENT_TRACES_HTTP it instruments the server of HTTP; AGENT_API_VERSION: the version of the API that it says it brings.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { Server } from 'node:http';
import { context, ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';

const exporter = new OTLPTraceExporter({ url: process.env['AGENT_URL'] });
const resource = resourceFromAttributes({ 'service.name': 'named-by-the-agent' });
trace.setGlobalTracerProvider(
  new BasicTracerProvider({ resource, spanProcessors: [new SimpleSpanProcessor(exporter)] }),
);

if (process.env['AGENT_TRACES_HTTP']) {
  const contexts = new AsyncLocalStorage();
  const manager = {
    active: () => contexts.getStore() ?? ROOT_CONTEXT,
    with: (active, run, self, ...args) => contexts.run(active, () => run.call(self, ...args)),
    bind: (_, target) => target,
    enable: () => manager,
    disable: () => manager,
  };
  context.setGlobalContextManager(manager);
  const tracer = trace.getTracer('http');
  const { emit } = Server.prototype;
  Server.prototype.emit = function (event, ...args) {
    if (event !== 'request') return emit.call(this, event, ...args);
    const span = tracer.startSpan('of the agent', { kind: SpanKind.SERVER }, ROOT_CONTEXT);
    args[1].on('close', () => span.end());
    return context.with(trace.setSpan(ROOT_CONTEXT, span), () => emit.call(this, event, ...args));
  };
}
if (process.env['AGENT_API_VERSION']) {
  globalThis[Symbol.for('opentelemetry.js.api.1')].version = process.env['AGENT_API_VERSION'];
}
