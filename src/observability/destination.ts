import SonicBoomModule, { type SonicBoom as Writer } from 'sonic-boom';
import { followFile } from './followed-file.js';

const { SonicBoom } = SonicBoomModule;

declare module 'sonic-boom' {
  interface SonicBoom {
    /** With `contentMode: 'buffer'`; the package's own types have the form for texts alone. */
    write(bytes: Buffer): boolean;
  }
}

/** Where log lines go: the standard output, a file, or a pipe. Its functions neither throw nor block. */
export interface Destination {
  /** Appends a line to the buffer; drops it if the buffer is full. */
  write(line: string): void;
  /**
   * False from the first failure, or when the buffer is half full, until the buffer is written; and while the path of a
   * file leads to none. The buffer is lost when the process ends.
   */
  readonly writable: boolean;
  /** Lines dropped since the start. */
  readonly dropped: number;
  /** Calls `listener` at each change of `writable`; `reason`: a code of Node such as `ENOSPC`, or `BACKLOG`; null: writable. */
  watch(listener: (writable: boolean, reason: string | null) => void): void;
  /** Opens a file that was renamed, deleted or replaced by its path, without waiting for the next check; no effect on anything else. */
  reopen(): void;
  /** Resolves when the buffer is written, or after the timeout. Unit: ms. */
  flush(timeoutMs: number): Promise<void>;
  /** Closes a file when its buffer is written, and drops lines from now on. */
  close(): void;
}

/** Largest buffer: some ten thousand lines. Unit: bytes. */
const MAX_BUFFERED_BYTES = 8 * 1024 * 1024;
/** Least bytes of a write before `FLUSH_MS`. Each write wakes a thread, which costs as much as ten lines. Unit: bytes. */
const MIN_WRITE_BYTES = 32 * 1024;
/** Most bytes of a write. A busy process begins one write each turn of its event loop, of all that came since. Unit: bytes. */
const MAX_WRITE_BYTES = 1024 * 1024;
/** The buffer is written this often, and failed writes are retried. A killed process loses the lines of this time. Unit: ms. */
const FLUSH_MS = 100;
/** Pause before retrying a full pipe. A reader needs a fraction of it to read a pipe's 64 KiB. Unit: ms. */
const FULL_PIPE_MS = 5;

/** One open file or pipe. Each has a writer of its own, which closes no descriptor but this one. */
interface Output {
  readonly writer: Writer;
  /** Unit: bytes. */
  buffered: number;
}

/**
 * Opens a destination. `target`: the path of a file (created with mode 0600) or named pipe, or a file descriptor; where
 * that is a pipe, it must not block. Throws the errors of `followFile`.
 */
export function openDestination(target: string | number, maxBufferedBytes = MAX_BUFFERED_BYTES): Destination {
  const listeners: ((writable: boolean, reason: string | null) => void)[] = [];
  /** Flushes that wait. */
  const waiters = new Set<() => void>();
  /** Why lines cannot be written, by the output that fails, or by the path. */
  const problems = new Map<Output | string, string>();
  let buffered = 0;
  let dropped = 0;
  let isClosed = false;

  const file =
    typeof target === 'number'
      ? null
      : followFile(target, {
          onOpen(descriptor) {
            const before = current;
            current = openOutput(descriptor);
            before.writer.end(); // once its buffer is written
            report(before, null); // what it cannot write is late, but new lines have a file
          },
          onCheck: (problem) => report(target, problem),
        });
  let current = openOutput(file?.descriptor ?? (target as number));

  return {
    write(line) {
      const bytes = Buffer.from(line);
      if (isClosed || buffered + bytes.length > maxBufferedBytes) {
        dropped += 1;
        return;
      }
      buffered += bytes.length;
      current.buffered += bytes.length;
      current.writer.write(bytes);
      if (current.buffered > maxBufferedBytes / 2) report(current, 'BACKLOG');
    },
    get writable() {
      return problems.size === 0;
    },
    get dropped() {
      return dropped;
    },
    watch: (listener) => void listeners.push(listener),
    reopen: () => file?.check(),
    flush: (timeoutMs) =>
      new Promise((resolve) => {
        const end = (): void => {
          clearTimeout(timer);
          waiters.delete(check);
          resolve();
        };
        const timer = setTimeout(end, timeoutMs);
        const check = (): void => {
          if (buffered === 0) end();
          else if (current.buffered > 0 && !isClosed) current.writer.flush();
        };
        waiters.add(check);
        check();
      }),
    close() {
      if (isClosed || !file) return;
      isClosed = true;
      file.stop();
      current.writer.end();
    },
  };

  function openOutput(descriptor: number): Output {
    const writer = new SonicBoom({
      ...{ dest: descriptor, sync: false, periodicFlush: FLUSH_MS },
      contentMode: 'buffer', // of strings, it measures the whole buffer at each line
      minLength: Math.min(MIN_WRITE_BYTES, maxBufferedBytes / 4),
      maxWrite: MAX_WRITE_BYTES,
      retryEAGAIN: () => false, // the error listener below retries twenty times as soon
    });
    const output: Output = { writer, buffered: 0 };
    let retry: NodeJS.Timeout | undefined;
    writer.on('write', (bytes: number) => {
      buffered -= bytes;
      output.buffered -= bytes;
    });
    const succeed = (): void => {
      report(output, null);
      for (const check of waiters) check();
    };
    writer.on('drain', succeed);
    writer.on('close', succeed);
    writer.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EAGAIN') return report(output, error.code ?? error.name);
      retry ??= setTimeout(() => {
        retry = undefined;
        if (output === current && !isClosed) writer.flush(); // others are flushed every `FLUSH_MS`
      }, FULL_PIPE_MS).unref();
    });
    return output;
  }

  function report(source: Output | string, problem: string | null): void {
    const before = problems.size > 0;
    if (problem === null) problems.delete(source);
    else if (!problems.has(source) && (source === current || source === target)) problems.set(source, problem);
    const isFailing = problems.size > 0;
    if (isFailing === before) return;
    for (const listener of listeners) listener(!isFailing, problem);
  }
}
