import type { Pieces } from '../graphql/fast-path/answer.js';

/** Answers up to this length reuse one buffer; longer ones get a buffer of their own. Unit: bytes. */
const BUFFER_BYTES = 128 * 1024;

/**
 * Concatenates chunks, sends them as one buffer, and returns its length. `send` returns whether the kernel has accepted all
 * of it: if not, the buffer belongs to the pending write, and the next answer gets a new one.
 */
export type SendConcatenated = (pieces: Pieces, send: (answer: Buffer) => boolean) => number;

/**
 * Returns the function that concatenates chunks for a single write. It reuses its buffer: allocating 75 KB for an answer
 * would cost three times as much as everything else of that answer. See docs/performance.md.
 */
export function createSendConcatenated(): SendConcatenated {
  let buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  return (pieces, send) => {
    let length = 0;
    for (const piece of pieces) length += piece.length;
    const isLong = length > BUFFER_BYTES;
    const isWritten = send(concatenate(pieces, isLong ? Buffer.allocUnsafeSlow(length) : buffer));
    if (!isWritten && !isLong) buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
    return length;
  };
}

/** Texts are ASCII. */
function concatenate(pieces: Pieces, buffer: Buffer): Buffer {
  let end = 0;
  for (const piece of pieces) {
    if (typeof piece === 'string') end += buffer.write(piece, end, 'latin1');
    else {
      buffer.set(piece, end);
      end += piece.length;
    }
  }
  return buffer.subarray(0, end);
}
