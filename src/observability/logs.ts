import type { Logger } from 'pino';

/** How deep in an entry personal data is looked for. */
const DEPTH = 4;

/** Returns the same log, in which whatever stands under one of these names is struck out, up to four levels deep. */
export function withoutPersonalData(log: Logger, names: readonly string[]): Logger {
  const paths = Array.from({ length: DEPTH }, (_, depth) => names.map((name) => '*.'.repeat(depth) + name)).flat();
  return log.child({}, { redact: { paths, censor: '[personal]' } });
}
