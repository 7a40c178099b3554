/** The log for changes of files and keys. */
export interface AccessLog {
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
}

/** A file that is read again while the gateway runs, and its last valid value. */
export interface WatchedFile<T> {
  /** The setting that names the file: `API_KEYS_FILE`. */
  readonly name: string;
  /** Returns the value of the file: the same object while it does not change; null once it is too old. */
  value(): T | null;
  /** Time since the file was last valid; normally at most 10 s. Unit: ms. */
  readonly ageMs: () => number;
}

/** The log line about a changed file: its fields, and a warning if there is one. */
export interface ChangeDescription {
  readonly fields: object;
  readonly warning?: string;
}

/** How a file is read and parsed. */
export interface WatchedFileOptions<T> {
  /** The setting that names the file. */
  readonly name: string;
  /** Returns the text of the file; throws if it cannot be read. */
  readonly read: () => string;
  /** Parses a trimmed text; throws an Error whose message continues the setting's name: `must …`. */
  readonly parse: (text: string) => T;
  /** Describes a changed value, without secrets. Default: that the file has changed. */
  readonly describe?: (value: T) => ChangeDescription;
  /** A value expires when it could not be read again for this long; null: never. Unit: ms. */
  readonly maxStaleMs: number | null;
  readonly log: AccessLog;
  readonly now: () => number;
}

/** A value older than this is read again when it is next used. Unit: ms. */
export const REREAD_MS = 10_000;

/**
 * Returns a file that may change without a restart. While it is missing, empty or invalid, its last valid value stays in
 * use, up to `maxStaleMs`; each such state is logged once. Throws what `read` and `parse` throw at the first reading.
 */
export function createWatchedFile<T>(options: WatchedFileOptions<T>): WatchedFile<T> {
  const { name, parse, describe = (): ChangeDescription => ({ fields: {} }), maxStaleMs, log, now } = options;
  const read = (): string => options.read().trim();
  let text = read();
  let value = parse(text);
  let [readAt, validAt] = [now(), now()];
  /** The last warning about an unusable file; null while it is valid. */
  let lastWarning: string | null = null;

  const isTooOld = (): boolean => maxStaleMs !== null && now() - validAt >= maxStaleMs;

  function readAgain(): void {
    // The absolute difference, because the clock may be set back.
    if (Math.abs(now() - readAt) < REREAD_MS) return;
    readAt = now();
    const problem = applyChange();
    if (problem === null) {
      if (lastWarning !== null) log.info({}, `${name} can be used again`);
      [lastWarning, validAt] = [null, readAt];
      return;
    }
    const line = `${name} ${problem}: what it held before ${isTooOld() ? 'is too old to be used' : 'stays in use'}`;
    if (line !== lastWarning) log.warn({}, line);
    lastWarning = line;
  }

  /** Applies a changed text. Returns what is wrong with the file, or null. */
  function applyChange(): string | null {
    let latest;
    try {
      latest = read();
    } catch (error) {
      return `cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`;
    }
    if (latest === '') return 'is empty';
    if (latest === text) return null;
    try {
      value = parse(latest);
    } catch (error) {
      return (error as Error).message;
    }
    text = latest;
    const { fields, warning } = describe(value);
    if (warning === undefined) log.info(fields, `${name} has changed`);
    else log.warn(fields, `${name} has changed: ${warning}`);
    return null;
  }

  return {
    name,
    value() {
      readAgain();
      return isTooOld() ? null : value;
    },
    ageMs() {
      readAgain();
      return Math.max(0, now() - validAt);
    },
  };
}
