import pino, { type Logger } from 'pino';
import type { Audit } from './server/audit.js';

/** How deep in an entry personal data is looked for. */
const DEPTH = 4;

/** The same log, in which whatever stands under one of these names is struck out, up to four levels deep. */
export function withoutPersonalData(log: Logger, names: readonly string[]): Logger {
  const paths = Array.from({ length: DEPTH }, (_, depth) => names.map((name) => '*.'.repeat(depth) + name)).flat();
  return log.child({}, { redact: { paths, censor: '[personal]' } });
}

/**
 * Returns what takes down audit events: lines of JSON marked `"log":"audit"`, at whatever level the log is kept. `file`:
 * where they go, one after the other; null: to the log. Errors: those of opening the file.
 */
export function createAudit(log: Logger, file: string | null): Audit {
  const audit =
    file === null
      ? log.child({ log: 'audit' }, { level: 'info' })
      : pino({ base: { log: 'audit' } }, pino.destination({ dest: file, append: true, sync: true }));
  return (event) => audit.info(event, 'phone numbers were shown');
}
