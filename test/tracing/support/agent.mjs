/** An agent as operators inject it: `node --import` runs it before the gateway. It exports to the collector at AGENT_URL. */
import { trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';

const exporter = new OTLPTraceExporter({ url: process.env['AGENT_URL'] });
const resource = resourceFromAttributes({ 'service.name': 'named-by-the-agent' });
trace.setGlobalTracerProvider(
  new BasicTracerProvider({ resource, spanProcessors: [new SimpleSpanProcessor(exporter)] }),
);
