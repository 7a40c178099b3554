import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import SonicBoomModule from 'sonic-boom';

const { SonicBoom } = SonicBoomModule;

/** Where log lines go: the standard output, a file, or a pipe. Its functions neither throw nor block. */
export interface Destination {
  /** Appends a line to the buffer; drops it if the buffer is full. */
  write(line: string): void;
  /**
   * False from the first failure, or when the buffer is half full, until the buffer is written. The buffer is lost when the
   * process ends.
   */
  readonly writable: boolean;
  /** Lines dropped since the start. */
  readonly dropped: number;
  /** Calls `listener` at each change of `writable`; `reason`: a code of Node such as `ENOSPC`, or `BACKLOG`; null: writable. */
  watch(listener: (writable: boolean, reason: string | null) => void): void;
  /** Reopens a file by its name, after log rotation has renamed it; no effect on anything else. */
  reopen(): void;
  /** Resolves when the buffer is written, or after the timeout. Unit: ms. */
  flush(timeoutMs: number): Promise<void>;
}

/** Largest buffer: some ten thousand lines. Unit: bytes. */
const MAX_BUFFERED_BYTES = 8 * 1024 * 1024;
/** Least bytes of a write before `FLUSH_MS`. Each write wakes a thread, which costs as much as ten lines. Unit: bytes. */
const MIN_WRITE_BYTES = 32 * 1024;
const MAX_WRITE_BYTES = 2 * MIN_WRITE_BYTES;
/** The buffer is written this often, and failed writes are retried. A killed process loses the lines of this time. Unit: ms. */
const FLUSH_MS = 100;
/** Pause before retrying a full pipe. A reader needs a fraction of it to read a pipe's 64 KiB. Unit: ms. */
const FULL_PIPE_MS = 5;

/** Only the owner may read a created file. */
const FILE_MODE = 0o600;
/** Non-blocking, so that opening and writing a pipe fail instead of waiting: a thread that waits for a reader keeps a process from ending. */
const FLAGS = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK;

/**
 * Opens a destination. `target`: the path of a file (created with mode 0600) or named pipe, or a file descriptor; where
 * that is a pipe, it must not block. Throws the error of opening the path: a named pipe without a reader is `ENXIO`.
 */
export function openDestination(target: string | number, maxBufferedBytes = MAX_BUFFERED_BYTES): Destination {
  const dest = typeof target === 'string' ? fileOrDescriptor(target) : target;
  const sink = new SonicBoom({
    ...{ dest, sync: false, mode: FILE_MODE, periodicFlush: FLUSH_MS },
    minLength: Math.min(MIN_WRITE_BYTES, maxBufferedBytes / 4),
    maxWrite: MAX_WRITE_BYTES,
    retryEAGAIN: () => false, // the error listener below retries twenty times as soon
  });
  const listeners: ((writable: boolean, reason: string | null) => void)[] = [];
  let buffered = 0;
  let dropped = 0;
  let writable = true;
  let retry: NodeJS.Timeout | undefined;

  sink.on('write', (bytes: number) => (buffered -= bytes));
  sink.on('drain', () => change(true, null));
  sink.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EAGAIN') return change(false, error.code ?? error.name);
    retry ??= setTimeout(() => {
      retry = undefined;
      sink.flush();
    }, FULL_PIPE_MS).unref();
  });

  return {
    write(line) {
      const bytes = Buffer.byteLength(line);
      if (buffered + bytes > maxBufferedBytes) {
        dropped += 1;
        return;
      }
      buffered += bytes;
      sink.write(line);
      if (buffered > maxBufferedBytes / 2) change(false, 'BACKLOG');
    },
    get writable() {
      return writable;
    },
    get dropped() {
      return dropped;
    },
    watch: (listener) => void listeners.push(listener),
    reopen() {
      if (typeof dest === 'string') sink.reopen();
    },
    flush: (timeoutMs) =>
      new Promise((resolve) => {
        const end = (): void => {
          clearTimeout(timer);
          sink.off('drain', check);
          resolve();
        };
        const timer = setTimeout(end, timeoutMs);
        const check = (): void => (buffered > 0 ? sink.flush() : end());
        sink.on('drain', check);
        check();
      }),
  };

  function change(to: boolean, reason: string | null): void {
    if (to === writable) return;
    writable = to;
    for (const listener of listeners) listener(to, reason);
  }
}

/** Returns the path of a regular file, which can be reopened by name; otherwise a descriptor. */
function fileOrDescriptor(path: string): string | number {
  const descriptor = openSync(path, FLAGS, FILE_MODE);
  if (!fstatSync(descriptor).isFile()) return descriptor;
  closeSync(descriptor);
  return path;
}
