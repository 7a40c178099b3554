import { once, type EventEmitter } from 'node:events';
import { openSync } from 'node:fs';
import pino, { type Logger } from 'pino';
import type { Audit } from './audit.js';
import { createLineWriter } from './line-writer.js';

/** Lines wait so long for others to share a page with, and a page as long to be written. Unit: ms. */
const WAIT_MS = 50;
/** … or until so much has come together. Unit: bytes. */
const PAGE_BYTES = 65_536;
/** Of one character in UTF-8, at most (those that take four are two in JavaScript). */
const BYTES_PER_CHARACTER = 3;

/** Where lines go. */
export interface LineStream extends pino.DestinationStream {
  /** Resolves when all that has come is written, in order. Rejects if it cannot be. */
  flush(): Promise<void>;
  /**
   * Writes at once what is not on its way already; what is comes before the process ends, but perhaps behind it. For a
   * process that exits without having flushed.
   */
  flushSync(): void;
}

/**
 * Returns a stream of lines to a file, at its end, or to the standard output: they are written together, after 100 ms
 * at the latest. A process that is killed loses what has come since. Errors: those of opening the file.
 */
export function createLineStream(file: string | null): LineStream {
  const destination = openDestination(file === null ? 1 : openSync(file, 'a', 0o600));
  /**
   * Lines are gathered here as bytes. The destination would measure all it holds for every further line, and texts that
   * wait would be carried along by the garbage collector.
   */
  let page = Buffer.allocUnsafeSlow(PAGE_BYTES);
  let used = 0;
  let timer: NodeJS.Timeout | undefined;
  return {
    write(line) {
      const most = line.length * BYTES_PER_CHARACTER;
      if (used + most > PAGE_BYTES) turnPage();
      if (most > PAGE_BYTES) return destination.write(Buffer.from(line));
      used += page.write(line, used);
      timer ??= setTimeout(turnPage, WAIT_MS).unref();
    },
    async flush() {
      turnPage();
      const drained = once(destination, 'drain');
      destination.flush();
      await drained;
      destination.flushSync(); // what was too little to be written by itself
    },
    flushSync() {
      turnPage();
      destination.flushSync();
    },
  };

  function turnPage(): void {
    clearTimeout(timer);
    timer = undefined;
    if (used === 0) return;
    destination.write(page.subarray(0, used));
    page = Buffer.allocUnsafeSlow(PAGE_BYTES);
    used = 0;
  }
}

interface Destination extends EventEmitter {
  write(bytes: Buffer): void;
  flush(): void;
  flushSync(): void;
}

/** What pino writes to by itself, but taking bytes: it outlives a reader that goes away, and a pipe that is full. */
function openDestination(fd: number): Destination {
  const options = {
    dest: fd,
    sync: false,
    contentMode: 'buffer',
    minLength: PAGE_BYTES,
    periodicFlush: WAIT_MS,
    maxWrite: 2 * PAGE_BYTES,
  };
  return pino.destination(options) as unknown as Destination;
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
  /** Resolves when all that has come is written. */
  readonly flush: () => Promise<void>;
}

/**
 * Returns what takes down audit events: lines of JSON marked `"log":"audit"`, at whatever level the log is kept. `file`:
 * where they go, one after the other; null: to the log. Errors: those of opening the file.
 */
export function openAuditLog(log: Logger, file: string | null): AuditLog {
  const stream = file === null ? null : createLineStream(file);
  const lines = stream ? pino({ base: { log: 'audit' } }, stream) : log.child({ log: 'audit' }, { level: 'info' });
  const write = createLineWriter(lines, 'info', 'phone numbers were shown');
  return {
    audit: ({ caller, requestId, numbers, calls }) =>
      write?.(
        // Neither the id of a request nor the canonical text of a key holds anything that JSON would write otherwise.
        `,"caller":${JSON.stringify(caller)},"requestId":"${requestId}","numbers":"${numbers}","calls":["${calls.join('","')}"]`,
      ),
    flush: () => stream?.flush() ?? Promise.resolve(),
  };
}
