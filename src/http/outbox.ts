import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { createHeads, type Head } from './heads.js';

/** A body in pieces; texts are ASCII. */
export type Pieces = readonly (Buffer | string)[];

/** A reply, ready to be written. */
export interface Letter extends Head {
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
/** Room for replies of a slice at most, with their heads. Unit: bytes. */
const DESK_BYTES = SLICE_BYTES + 64 * 1024;

/** A reply that lies on the desk. */
interface Sealed {
  readonly response: ServerResponse;
  readonly socket: Socket;
  readonly start: number;
  readonly end: number;
}

/**
 * Returns an outbox; `onFailure` is told why a reply could not be written: it is cut off, and the others go on. The
 * replies to all requests that have come in one turn of the event loop are written at its end, one after the other: the
 * first wakes whoever reads them, and the rest find it awake. Written each as it is ready, every one of them would pay
 * for waking a reader that has just gone to sleep; so they are put together first, heads and all, and then follow each
 * other as closely as can be. See docs/performance.md, "Written together".
 */
export function createOutbox(onFailure: (error: unknown) => void): Outbox {
  const heads = createHeads();
  let letters: Letter[] = [];
  /** Where replies are put together, and which: one buffer, for as a rule the system takes all of it at once. */
  let desk = Buffer.allocUnsafeSlow(DESK_BYTES);
  const sealed: Sealed[] = [];
  let used = 0;

  return {
    put(letter) {
      if (letters.push(letter) === 1) setImmediate(writeAll);
    },
  };

  function writeAll(): void {
    const due = letters;
    letters = [];
    for (const letter of due) guarded(seal, letter, letter.response);
    clearDesk();
  }

  function guarded<Item>(action: (item: Item) => void, item: Item, response: ServerResponse): void {
    try {
      action(item);
    } catch (error) {
      response.destroy();
      onFailure(error);
    }
  }

  /** Puts a reply together on the desk, or writes it at once if it is too long for that, or its turn has not come. */
  function seal(letter: Letter): void {
    const { response, status, headers, pieces, length } = letter;
    if (response.destroyed) return; // the client has left
    const { socket } = response;
    if (socket?.writable === false) return; // it is leaving
    if (length > SLICE_BYTES || socket === null) {
      response.writeHead(status, headers as string[]);
      return writeSlices(response, slicesOf(pieces));
    }
    const head = heads.take(letter);
    if (head === null) return writeSlices(response, slicesOf(pieces));
    if (used + head.length + length > DESK_BYTES) clearDesk();
    const start = used;
    used = concatenate(pieces, desk, used + desk.write(head, used, 'latin1'));
    sealed.push({ response, socket, start, end: used });
  }

  /** Writes what lies on the desk. */
  function clearDesk(): void {
    for (const one of sealed) guarded(send, one, one.response);
    // What the system has not taken still lies there, and must not be overwritten.
    if (sealed.some(({ response }) => response.writableLength > 0)) desk = Buffer.allocUnsafeSlow(DESK_BYTES);
    sealed.length = 0;
    used = 0;
  }

  function send({ response, socket, start, end }: Sealed): void {
    socket.write(desk.subarray(start, end));
    response.end();
  }
}

/** Copies the pieces one behind the other, from `start` on, and returns where they end. */
function concatenate(pieces: Pieces, target: Buffer, start: number): number {
  let end = start;
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
  response.write(value, () => setImmediate(writeSlices, response, slices));
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
