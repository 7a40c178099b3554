import type { Log } from '../../../src/upstream/operator-log.js';

/** One line of the log. */
export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly text: string;
  readonly [field: string]: unknown;
}

/** A log, and the lines written to it. */
export function createLogRecorder(): { readonly log: Log; readonly lines: readonly LogLine[] } {
  const lines: LogLine[] = [];
  const write = (level: LogLine['level']) => (fields: object, text: string) =>
    void lines.push({ ...fields, level, text });
  return { log: { info: write('info'), warn: write('warn'), error: write('error') }, lines };
}
