import pino, { type Logger } from 'pino';
import { openDestination, type Destination } from './destination.js';

/** Whose phone numbers were shown to whom: never a number itself. */
export interface AuditEvent {
  /** `Caller.id`. */
  readonly caller: string;
  readonly requestId: string;
  /** Whether the numbers were shown whole, or masked. */
  readonly numbers: 'whole' | 'masked';
  /** The calls, each once, by the canonical text of their key: `{ccId}:{vdn}:{month}:{callId}`. */
  readonly calls: readonly string[];
}

/** Writes an event; never throws. */
export type Audit = (event: AuditEvent) => void;

/** The log of audit events, opened. */
export interface AuditLog {
  readonly audit: Audit;
  /** Whether events are written: false while what they are written to fails, or takes them too slowly. */
  readonly writable: boolean;
  /** Events dropped since the start. */
  readonly lost: number;
  /** Lines dropped since the start by the file of its own; 0 where events go to the log. */
  readonly dropped: number;
  /** Opens its file anew, after log rotation. */
  reopen(): void;
  /** Resolves when all is written, at the latest after the time. Unit: ms. */
  flush(timeoutMs: number): Promise<void>;
}

export interface AuditLogOptions {
  readonly log: Logger;
  /** What `log` writes to; null: it cannot fail. */
  readonly logDestination: Destination | null;
  /** Where events go; null: to the log. */
  readonly file: string | null;
  /** Whether numbers are masked while events cannot be written: for the line that says so. */
  readonly required: boolean;
}

/**
 * Opens the audit log: lines of JSON marked `"log":"audit"`, at whatever level the log is kept. Each change of `writable`
 * has a line in the log. Errors: those of opening the file.
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
    flush: (timeoutMs) => own?.flush(timeoutMs) ?? Promise.resolve(),
  };
}
