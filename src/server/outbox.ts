import type { ServerResponse } from 'node:http';

/** A body in pieces; texts are ASCII. */
export type Pieces = readonly (Buffer | string)[];

/** A reply, ready to be written. */
export interface Letter {
  readonly response: ServerResponse;
  readonly status: number;
  /** Name, value, name, value … */
  readonly headers: readonly string[];
  readonly pieces: Pieces;
  /** Of the pieces together. Unit: bytes. */
  readonly length: number;
}

/** Takes replies, and writes them together. */
export interface Outbox {
  put(letter: Letter): void;
}

/** So much is written to one connection at a time, then it is the others' turn. Unit: bytes. */
const SLICE_BYTES = 256 * 1024;

/**
 * Returns an outbox; `onFailure` is told why a reply could not be written: it is cut off, and the others go on. The replies to all requests that have come in one turn of the event loop are written at its end,
 * one after the other: the first wakes whoever reads them, and the rest find it awake. Written each as it is ready, every
 * one of them would pay for waking a reader that has just gone to sleep. See docs/performance.md, "Written together".
 */
export function createOutbox(onFailure: (error: unknown) => void): Outbox {
  let letters: Letter[] = [];
  /** Where the pieces of a reply are put together: one after the other, for as a rule the system takes each at once. */
  let desk = Buffer.allocUnsafeSlow(SLICE_BYTES);

  return {
    put(letter) {
      if (letters.push(letter) === 1) setImmediate(writeAll);
    },
  };

  function writeAll(): void {
    const due = letters;
    letters = [];
    for (const letter of due) {
      try {
        write(letter);
      } catch (error) {
        letter.response.destroy();
        onFailure(error);
      }
    }
  }

  function write({ response, status, headers, pieces, length }: Letter): void {
    if (response.destroyed) return; // the client has left
    response.writeHead(status, headers as string[]);
    if (length > SLICE_BYTES) return writeSlices(response, slicesOf(pieces));
    response.end(desk.subarray(0, putTogether(pieces, desk)));
    // What the system has not taken still lies there, and must not be overwritten.
    if (response.writableLength > 0) desk = Buffer.allocUnsafeSlow(SLICE_BYTES);
  }
}

/** Copies the pieces one behind the other, and returns their length. */
function putTogether(pieces: Pieces, target: Buffer): number {
  let end = 0;
  for (const piece of pieces) {
    if (piece.length === 1 && typeof piece === 'string') target[end++] = piece.charCodeAt(0);
    else if (typeof piece === 'string') end += target.write(piece, end, 'latin1');
    else {
      target.set(piece, end);
      end += piece.length;
    }
  }
  return end;
}

/**
 * Long replies go in slices: each when the one before has left, and no more than one in a turn of the event loop, so that
 * nobody waits while fifty long ones are copied to the system.
 */
function writeSlices(response: ServerResponse, slices: Iterator<Buffer, undefined>): void {
  const { value } = slices.next();
  if (value === undefined) return void response.end();
  if (response.destroyed) return;
  const next = (): void => writeSlices(response, slices);
  if (response.write(value)) setImmediate(next);
  else response.once('drain', next);
}

/** The pieces as slices: short ones put together, long ones cut. */
function* slicesOf(pieces: Pieces): Generator<Buffer, undefined> {
  let short: Buffer[] = [];
  let length = 0;
  for (const piece of pieces) {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
    if (length + bytes.length > SLICE_BYTES) {
      if (length > 0) yield Buffer.concat(short, length);
      short = [];
      length = 0;
    }
    let start = 0;
    for (; bytes.length - start > SLICE_BYTES; start += SLICE_BYTES) yield bytes.subarray(start, start + SLICE_BYTES);
    short.push(bytes.subarray(start));
    length += bytes.length - start;
  }
  if (length > 0) yield Buffer.concat(short, length);
}
