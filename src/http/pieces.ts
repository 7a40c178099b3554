import type { Pieces } from '../graphql/fast-path/answer.js';

/** Answers as long as this are put together in the same place, again and again; longer ones in memory of their own. Unit: bytes. */
const PLACE_BYTES = 128 * 1024;

/**
 * Sends pieces as one buffer. `send` is given it, and returns whether the system has taken all of it: if not, the buffer
 * is left to what waits, and the next answer gets another.
 */
export type SendWhole = (pieces: Pieces, send: (whole: Buffer) => boolean) => void;

/**
 * Returns what puts pieces together to be sent in one write. New memory for each answer of 75 KB would cost three times
 * what all else of that answer does: the system has to find and clear it. See docs/performance.md.
 */
export function createSendWhole(): SendWhole {
  let place = Buffer.allocUnsafeSlow(PLACE_BYTES);
  return (pieces, send) => {
    let length = 0;
    for (const piece of pieces) length += piece.length;
    const isLong = length > PLACE_BYTES;
    const isTaken = send(concatenate(pieces, isLong ? Buffer.allocUnsafeSlow(length) : place));
    if (!isTaken && !isLong) place = Buffer.allocUnsafeSlow(PLACE_BYTES);
  };
}

/** Texts are ASCII. */
function concatenate(pieces: Pieces, place: Buffer): Buffer {
  let end = 0;
  for (const piece of pieces) {
    if (typeof piece === 'string') end += place.write(piece, end, 'latin1');
    else {
      place.set(piece, end);
      end += piece.length;
    }
  }
  return place.subarray(0, end);
}
