/** Where changes of files and keys are told. */
export interface AccessLog {
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
}

/** A file that is read again while the gateway runs, and what it last held that could be used. */
export interface WatchedFile<T> {
  /** The setting that names the file: `API_KEYS_FILE`. */
  readonly name: string;
  /** What the file holds: the same object for as long as that does not change; null once it is too old to be believed. */
  value(): T | null;
  /** Time since the file last held what can be used, at most 10 s where nothing is wrong. Unit: ms. */
  readonly ageMs: () => number;
}

/** What is said of a changed file: fields of the line, and the warning that it deserves. */
export interface ChangeDescription {
  readonly fields: object;
  readonly warning?: string;
}

/** How a file is read and understood. */
export interface WatchedFileOptions<T> {
  /** The setting that names the file. */
  readonly name: string;
  /** Returns the text of the file; throws if it cannot be read. */
  readonly read: () => string;
  /** Returns what a text, without white space around it, means; throws an Error whose message goes on from the setting's name: `must …`. */
  readonly parse: (text: string) => T;
  /** What is said of a changed value, with fields that hold nothing secret. Default: that the file has changed. */
  readonly describe?: (value: T) => ChangeDescription;
  /** A value that could not be read again for so long is not believed any more; null: it is believed for ever. Unit: ms. */
  readonly maxStaleMs: number | null;
  readonly log: AccessLog;
  readonly now: () => number;
}

/** A file is read again after so long, when somebody asks for what it holds. Unit: ms. */
export const REREAD_MS = 10_000;

/**
 * Returns a file that may change without a restart. While it is gone, empty or wrong, what it held before stays in use,
 * up to `maxStaleMs`; each such state is told once. Throws what `read` and `parse` throw at the first reading.
 */
export function createWatchedFile<T>(options: WatchedFileOptions<T>): WatchedFile<T> {
  const { name, parse, describe = (): ChangeDescription => ({ fields: {} }), maxStaleMs, log, now } = options;
  const read = (): string => options.read().trim();
  let text = read();
  let value = parse(text);
  let [readAt, goodAt] = [now(), now()];
  /** The last line about a file that cannot be used; null while it can be. */
  let told: string | null = null;

  const isTooOld = (): boolean => maxStaleMs !== null && now() - goodAt >= maxStaleMs;

  function readAgain(): void {
    // A clock may be set back: a difference counts whichever its sign.
    if (Math.abs(now() - readAt) < REREAD_MS) return;
    readAt = now();
    const problem = takeChange();
    if (problem === null) {
      if (told !== null) log.info({}, `${name} can be used again`);
      [told, goodAt] = [null, readAt];
      return;
    }
    const line = `${name} ${problem}: what it held before ${isTooOld() ? 'is too old to be believed' : 'stays in use'}`;
    if (line !== told) log.warn({}, line);
    told = line;
  }

  /** Takes a changed text over. Returns what is wrong with the file, or null. */
  function takeChange(): string | null {
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
      return Math.max(0, now() - goodAt);
    },
  };
}
