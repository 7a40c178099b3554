import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { eventually } from '../../cache/redis/support/eventually.js';

/** A span as a collector gets it. */
export interface ReceivedSpan {
  readonly name: string;
  readonly kind: 'INTERNAL' | 'SERVER' | 'CLIENT';
  readonly traceId: string;
  readonly spanId: string;
  /** Empty: it has none. */
  readonly parentSpanId: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** The IDs of the spans that it links to. */
  readonly links: readonly string[];
  readonly hasFailed: boolean;
}

/** A collector of traces in this process, which takes OTLP as JSON. */
export interface Collector {
  /** The settings with which a gateway exports everything to it, at once. */
  readonly env: Readonly<Record<string, string>>;
  /** Every body, as it came. */
  readonly bodies: readonly string[];
  /** The headers of every export. */
  readonly headers: readonly IncomingMessage['headers'][];
  readonly spans: readonly ReceivedSpan[];
  /** Waits until the request span of a trace is here, which ends last, and returns all spans of the trace. */
  traceOf(parent: string): Promise<readonly ReceivedSpan[]>;
  /** Answers every further export with this status; null: it does not answer at all. */
  answerWith(status: number | null): void;
  close(): Promise<void>;
}

/** Starts a collector. */
export async function startCollector(): Promise<Collector> {
  const bodies: string[] = [];
  const headers: IncomingMessage['headers'][] = [];
  let status: number | null = 200;
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      headers.push(request.headers);
      if (status === null) return;
      if (status === 200) bodies.push(body);
      response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const spans = (): readonly ReceivedSpan[] => bodies.flatMap(spansOf);
  return {
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_BSP_SCHEDULE_DELAY: '1',
    },
    bodies,
    headers,
    get spans() {
      return spans();
    },
    async traceOf(parent) {
      const traceId = parent.split('-')[1];
      const own = (): readonly ReceivedSpan[] => spans().filter((span) => span.traceId === traceId);
      await eventually(`the request of trace ${traceId} is exported`, () =>
        own().some(({ kind }) => kind === 'SERVER'),
      );
      return own();
    },
    answerWith: (next) => void (status = next),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The `traceparent` of a client's span in a new trace. */
export function newTraceparent(flags = '01'): string {
  return `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-${flags}`;
}

/** The names of spans as a tree: each name with the trees of its children, in the order in which they began. */
export type SpanTree = readonly [name: string, ...children: SpanTree[]];

/** Returns the tree below the span that has this parent. Throws if there is not exactly one. */
export function treeOf(spans: readonly ReceivedSpan[], parentSpanId: string): SpanTree {
  const [root, ...others] = spans.filter((span) => span.parentSpanId === parentSpanId);
  if (!root || others.length > 0) throw new Error(`${1 + others.length} roots, or none`);
  const below = ({ name, spanId }: ReceivedSpan): SpanTree => [
    name,
    ...spans.filter((span) => span.parentSpanId === spanId).map(below),
  ];
  return below(root);
}

interface OtlpValue {
  readonly stringValue?: string;
  readonly intValue?: string | number;
  readonly boolValue?: boolean;
  readonly arrayValue?: { readonly values: readonly OtlpValue[] };
}

interface OtlpSpan {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly startTimeUnixNano: string;
  readonly attributes: readonly { readonly key: string; readonly value: OtlpValue }[];
  readonly links?: readonly { readonly spanId: string }[];
  readonly status: { readonly code: number };
}

interface OtlpBody {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[] }[];
}

/** Source: opentelemetry-proto, `Span.SpanKind`. */
const KINDS = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT'];
/** Source: opentelemetry-proto, `Status.StatusCode`. */
const ERROR = 2;

function spansOf(body: string): ReceivedSpan[] {
  const { resourceSpans } = JSON.parse(body) as OtlpBody;
  const spans = resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
  return spans
    .toSorted((a, b) => Number(BigInt(a.startTimeUnixNano) - BigInt(b.startTimeUnixNano)))
    .map(({ name, kind, traceId, spanId, parentSpanId = '', attributes, links = [], status }) => ({
      ...{ name, traceId, spanId, parentSpanId },
      kind: KINDS[kind] as ReceivedSpan['kind'],
      attributes: Object.fromEntries(attributes.map(({ key, value }) => [key, valueOf(value)])),
      links: links.map((link) => link.spanId),
      hasFailed: status.code === ERROR,
    }));
}

function valueOf({ stringValue, intValue, boolValue, arrayValue }: OtlpValue): unknown {
  if (arrayValue) return arrayValue.values.map(valueOf);
  return stringValue ?? boolValue ?? Number(intValue);
}
