import type { SpanAttributes } from '../../../src/tracing/attributes.js';
import type { Span, SpanName, SpanOptions } from '../../../src/tracing/span.js';

/** A span that keeps what it is told. */
export class RecordingSpan implements Span {
  readonly ids = { trace_id: '1'.repeat(32), span_id: '2'.repeat(16), trace_flags: '01' };
  readonly headers = {};
  readonly children: RecordingSpan[] = [];
  readonly attributes: Record<string, unknown> = {};
  joins = 0;
  hasEnded = false;
  failure: string | null = null;
  name: string;
  readonly link: Span | undefined;

  constructor(name = 'root', attributes: SpanAttributes = {}, { link }: SpanOptions = {}) {
    this.name = name;
    this.link = link;
    this.set(attributes);
  }

  child(...begun: readonly [name: SpanName, attributes?: SpanAttributes, options?: SpanOptions]): RecordingSpan {
    const child = new RecordingSpan(...begun);
    this.children.push(child);
    return child;
  }

  detached(): null {
    return null;
  }

  rename(name: SpanName): void {
    this.name = name;
  }

  set(attributes: SpanAttributes): void {
    if (this.hasEnded) throw new Error(`${this.name} has ended`);
    Object.assign(this.attributes, attributes);
  }

  countJoin(): void {
    this.joins += 1;
  }

  fail(type: string): void {
    this.set({ 'error.type': type });
    this.failure = type;
  }

  end(): void {
    this.hasEnded = true;
  }
}
