import type { Pieces } from '../graphql/fast-path/answer.js';

/** One buffer that holds all pieces, so that they leave in one write. */
export function concatenate(pieces: Pieces): Buffer {
  if (pieces.length === 1 && Buffer.isBuffer(pieces[0])) return pieces[0];
  let length = 0;
  for (const piece of pieces) length += piece.length;
  const whole = Buffer.allocUnsafe(length);
  let end = 0;
  for (const piece of pieces) {
    if (typeof piece === 'string') end += whole.write(piece, end, 'latin1');
    else {
      whole.set(piece, end);
      end += piece.length;
    }
  }
  return whole;
}
