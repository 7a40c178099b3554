import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import SonicBoomModule from 'sonic-boom';

const { SonicBoom } = SonicBoomModule;

/** Where lines of a log go: the standard output, a file, or a pipe. None of its functions throws or waits. */
export interface Destination {
  /** Writes a line, at once or after those before it; drops it if as much waits as may wait. */
  write(line: string): void;
  /**
   * False from the first failure, or from when half of what may wait does, until all that waits is written. What is
   * still in memory when the process ends is lost.
   */
  readonly writable: boolean;
  /** Lines dropped since the start. */
  readonly dropped: number;
  /** Calls `listener` at each change of `writable`; `reason`: a code of Node such as `ENOSPC`, or `BACKLOG`; null: writable. */
  watch(listener: (writable: boolean, reason: string | null) => void): void;
  /** Opens a file anew under its name, after it was renamed by log rotation; harmless for anything else. */
  reopen(): void;
  /** Resolves when all is written, at the latest after the time. Unit: ms. */
  flush(timeoutMs: number): Promise<void>;
}

/** Most that waits to be written: some ten thousand lines. Unit: bytes. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024;
/** So much is written at once; less, after `FLUSH_MS`. Each write wakes a thread, which costs as much as ten lines. Unit: bytes. */
const MIN_WRITE_BYTES = 32 * 1024;
const MAX_WRITE_BYTES = 2 * MIN_WRITE_BYTES;
/** What waits is written so often, and what could not be written is tried again. A process that is killed loses as much. Unit: ms. */
const FLUSH_MS = 100;
/** A full pipe is tried again after so long. Its reader needs a fraction of it for what a pipe holds (64 KiB). Unit: ms. */
const FULL_PIPE_MS = 5;

/** Only its owner reads a file that is created. */
const FILE_MODE = 0o600;
/** Opening and writing a pipe then fail where they would wait: a thread that waits for a reader keeps a process from ending. */
const FLAGS = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK;

/**
 * Opens a destination. `target`: the path of a file (created with mode 0600) or named pipe, or a file descriptor; where
 * that is a pipe, it must not block. Throws the error of opening the path: a named pipe without a reader is `ENXIO`.
 */
export function openDestination(target: string | number, maxWaitingBytes = MAX_WAITING_BYTES): Destination {
  const dest = typeof target === 'string' ? fileOrDescriptor(target) : target;
  const sink = new SonicBoom({
    ...{ dest, sync: false, mode: FILE_MODE, periodicFlush: FLUSH_MS },
    minLength: Math.min(MIN_WRITE_BYTES, maxWaitingBytes / 4),
    maxWrite: MAX_WRITE_BYTES,
    retryEAGAIN: () => false, // by the error listener below, twenty times as soon
  });
  const listeners: ((writable: boolean, reason: string | null) => void)[] = [];
  let waiting = 0;
  let dropped = 0;
  let writable = true;
  let retry: NodeJS.Timeout | undefined;

  sink.on('write', (bytes: number) => (waiting -= bytes));
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
      if (waiting + bytes > maxWaitingBytes) {
        dropped += 1;
        return;
      }
      waiting += bytes;
      sink.write(line);
      if (waiting > maxWaitingBytes / 2) change(false, 'BACKLOG');
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
          sink.off('drain', look);
          resolve();
        };
        const timer = setTimeout(end, timeoutMs);
        const look = (): void => (waiting > 0 ? sink.flush() : end());
        sink.on('drain', look);
        look();
      }),
  };

  function change(to: boolean, reason: string | null): void {
    if (to === writable) return;
    writable = to;
    for (const listener of listeners) listener(to, reason);
  }
}

/** The path itself if a regular file is there, which can be opened again under its name; otherwise a descriptor. */
function fileOrDescriptor(path: string): string | number {
  const descriptor = openSync(path, FLAGS, FILE_MODE);
  if (!fstatSync(descriptor).isFile()) return descriptor;
  closeSync(descriptor);
  return path;
}
