import pino, { type Logger } from 'pino';
import type { TraceIds } from '../tracing/span.js';
import { openDestination, type Destination } from './destination.js';

/** An audit event: which caller saw phone numbers of which calls. It never holds a number. */
export interface AuditEvent extends Partial<TraceIds> {
  /** `Caller.id`. */
  readonly caller: string;
  readonly requestId: string;
  /** Whether the numbers were shown unmasked (`whole`) or masked. */
  readonly numbers: 'whole' | 'masked';
  /** The calls, each once, by the canonical text of their key: `{ccId}:{vdn}:{month}:{callId}`. */
  readonly calls: readonly string[];
}

/** Writes an audit event. Never throws. */
export type Audit = (event: AuditEvent) => void;

/** The audit log. */
export interface AuditLog {
  readonly audit: Audit;
  /** Whether events are written: false while their destination fails or is too slow. */
  readonly writable: boolean;
  /** Events dropped since the start. */
  readonly lost: number;
  /** Lines dropped since the start by the audit file; 0 if events go to the log. */
  readonly dropped: number;
  /** Reopens the file, after log rotation. */
  reopen(): void;
  /** Closes the file, and resolves when all lines are written, or after the timeout. Unit: ms. */
  close(timeoutMs: number): Promise<void>;
}

export interface AuditLogOptions {
  readonly log: Logger;
  /** The destination of `log`; null: it cannot fail. */
  readonly logDestination: Destination | null;
  /** The file for events; null: events go to the log. */
  readonly file: string | null;
  /** Whether numbers are masked while events cannot be written, for the text of that log line. */
  readonly required: boolean;
}

/**
 * Opens the audit log: lines of JSON marked `"log":"audit"`, regardless of the log level. Each change of `writable` is
 * logged. Throws the errors of opening the file.
 */
export function openAuditLog({ log, logDestination, file, required }: AuditLogOptions): AuditLog {
  const own = file === null ? null : openDestination(file);
  const destination = own ?? logDestination;
  const lines = own ? pino({ base: { log: 'audit' } }, own) : log.child({ log: 'audit' }, { level: 'info' });
  const meanwhile = required ? 'phone numbers are masked until it can' : 'phone numbers are shown all the same';
  let lost = 0;
  destination?.watch((writable, reason) => {
    if (writable) log.info({ lost }, 'the audit log is written again');
    else log.error({ reason }, `the audit log cannot be written: ${meanwhile}`);
  });
  return {
    audit(event) {
      const before = destination?.dropped;
      lines.info(event, 'phone numbers were shown');
      if (destination?.dropped !== before) lost += 1;
    },
    get writable() {
      return destination?.writable ?? true;
    },
    get lost() {
      return lost;
    },
    get dropped() {
      return own?.dropped ?? 0;
    },
    reopen: () => own?.reopen(),
    async close(timeoutMs) {
      await own?.flush(timeoutMs);
      own?.close();
    },
  };
}
