import type { Span, SpanName } from '../../tracing/span.js';
import type { SpanAttributes } from '../../tracing/attributes.js';
import type { RedisAddress } from './address.js';
import type { RedisOutcome } from './circuit-breaker.js';

/** The commands that are traced, by their purpose. */
const TRACED = {
  read: { name: 'GET' },
  write: { name: 'EVAL', script: 'write' },
  lease: { name: 'EVAL', script: 'lease' },
} as const satisfies Record<string, { name: SpanName; script?: string }>;

/** A purpose of commands that are traced. */
export type TracedCommand = keyof typeof TRACED;

/** One span for the commands of one purpose that begin within one turn of the event loop: they share a round trip. */
interface Batch {
  readonly span: Span;
  size: number;
  running: number;
  /** No further command joins it. */
  readonly close: () => void;
}

/** Runs commands within spans. */
export type CommandSpans = ReturnType<typeof createCommandSpans>;

/** Returns the spans of Redis commands. `address`: where Redis is; null: unknown. */
export function createCommandSpans(address: RedisAddress | null) {
  const batches = new WeakMap<Span, Map<TracedCommand, Batch>>();
  // A Cluster and Sentinel choose the node themselves.
  const node = address?.form === 'single' ? address.nodes[0] : undefined;
  const server: SpanAttributes = { 'server.address': node?.host, 'server.port': node?.port };

  return async <T>(
    kind: TracedCommand,
    parent: Span,
    command: () => Promise<RedisOutcome<T>>,
  ): Promise<RedisOutcome<T>> => {
    const open = batches.get(parent) ?? new Map<TracedCommand, Batch>();
    batches.set(parent, open);
    const batch = open.get(kind) ?? begin(kind, parent, open);
    batch.size += 1;
    batch.running += 1;
    const outcome = await command();
    if (outcome.failure) batch.span.fail(outcome.failure);
    batch.running -= 1;
    if (batch.running === 0) {
      batch.close();
      batch.span.set({ 'db.operation.batch.size': batch.size });
      batch.span.end();
    }
    return outcome;
  };

  /** Begins a batch that commands can join until the turn is over, or those that it has have ended. */
  function begin(kind: TracedCommand, parent: Span, open: Map<TracedCommand, Batch>): Batch {
    const { name, ...script } = TRACED[kind];
    const span = parent.child(name, {
      ...server,
      'db.system.name': 'redis',
      'db.operation.name': name,
      'db.stored_procedure.name': 'script' in script ? script.script : undefined,
    });
    const close = (): void => {
      if (open.get(kind) === batch) open.delete(kind);
    };
    const batch: Batch = { span, size: 0, running: 0, close };
    open.set(kind, batch);
    setImmediate(close);
    return batch;
  }
}
