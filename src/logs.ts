import { openSync } from 'node:fs';
import pino, { type Logger } from 'pino';
import type { Audit } from './server/audit.js';

/** Lines wait so long for others to be written with. Unit: ms. */
const FLUSH_MS = 100;
/** … or until so much has come together. Unit: bytes. */
const FLUSH_BYTES = 8_192;

/** Where lines go. */
export interface LineStream extends pino.DestinationStream {
  /** Writes what has come since the last time. To be called before the process exits. */
  flushSync(): void;
}

/**
 * Returns a stream of lines to a file, at its end, or to the standard output: they are written together, after 100 ms
 * at the latest. A process that is killed loses what has come since. Errors: those of opening the file.
 */
export function createLineStream(file: string | null): LineStream {
  return pino.destination({
    dest: file === null ? 1 : openSync(file, 'a', 0o600),
    sync: false,
    minLength: FLUSH_BYTES,
    periodicFlush: FLUSH_MS,
  });
}

/** How deep in an entry personal data is looked for. */
const DEPTH = 4;

/** The same log, in which whatever stands under one of these names is struck out, up to four levels deep. */
export function withoutPersonalData(log: Logger, names: readonly string[]): Logger {
  const paths = Array.from({ length: DEPTH }, (_, depth) => names.map((name) => '*.'.repeat(depth) + name)).flat();
  return log.child({}, { redact: { paths, censor: '[personal]' } });
}

/** What takes down audit events, opened. */
export interface AuditLog {
  readonly audit: Audit;
  /** Writes what has come since the last time. */
  readonly flush: () => void;
}

/**
 * Returns what takes down audit events: lines of JSON marked `"log":"audit"`, at whatever level the log is kept. `file`:
 * where they go, one after the other; null: to the log. Errors: those of opening the file.
 */
export function openAuditLog(log: Logger, file: string | null): AuditLog {
  const stream = file === null ? null : createLineStream(file);
  const lines = stream ? pino({ base: { log: 'audit' } }, stream) : log.child({ log: 'audit' }, { level: 'info' });
  return { audit: (event) => lines.info(event, 'phone numbers were shown'), flush: () => stream?.flushSync() };
}
