import type { Logger } from 'pino';

/** How deep in a log entry personal data is redacted. */
const DEPTH = 4;

/** Returns a child of the log that redacts the fields of these names, up to four levels deep. */
export function withoutPersonalData(log: Logger, names: readonly string[]): Logger {
  const paths = Array.from({ length: DEPTH }, (_, depth) => names.map((name) => '*.'.repeat(depth) + name)).flat();
  return log.child({}, { redact: { paths, censor: '[personal]' } });
}
