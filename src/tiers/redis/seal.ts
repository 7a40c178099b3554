import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** Hides what is kept in Redis from whoever reads its memory or its dumps. */
export interface Seal {
  /** The bytes to keep under a name. */
  close(bytes: Buffer, name: string): Buffer;
  /** What `close` was given, or null if these bytes are not sealed by a key of ours, or belong under another name. */
  open(sealed: Buffer, name: string): Buffer | null;
}

/** A key of the ring. */
export interface SealKey {
  /** 1 to 32 letters, digits, `-` or `_`; stands in front of what the key has sealed. */
  readonly id: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

/** No seal: what is kept is what is given. */
export const OPEN_SEAL: Seal = { close: (bytes) => bytes, open: (bytes) => bytes };

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const MARK = 's';

/**
 * Returns the seal of a key ring (AES-256-GCM): the first key closes, all of them open. To rotate, put the new key
 * first and drop the old one when all it has sealed has expired. The name is authenticated too, so that a value moved
 * under another name does not open.
 * Layout: `s`, length of the id, id, IV (12 bytes), tag (16 bytes), ciphertext.
 */
export function createSeal(ring: readonly [SealKey, ...SealKey[]]): Seal {
  const [current] = ring;
  const keys = new Map(ring.map(({ id, key }) => [id, key]));
  return {
    close(bytes, name) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv(ALGORITHM, current.key, iv).setAAD(Buffer.from(name));
      const hidden = Buffer.concat([cipher.update(bytes), cipher.final()]);
      const head = Buffer.from(`${MARK}${String.fromCharCode(current.id.length)}${current.id}`, 'latin1');
      return Buffer.concat([head, iv, cipher.getAuthTag(), hidden]);
    },
    open(sealed, name) {
      const idEnd = 2 + (sealed[1] ?? 0);
      const key = keys.get(sealed.toString('latin1', 2, idEnd));
      if (sealed[0] !== MARK.charCodeAt(0) || !key || sealed.length < idEnd + IV_BYTES + TAG_BYTES) return null;
      const ivEnd = idEnd + IV_BYTES;
      const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(idEnd, ivEnd))
        .setAAD(Buffer.from(name))
        .setAuthTag(sealed.subarray(ivEnd, ivEnd + TAG_BYTES));
      try {
        return Buffer.concat([decipher.update(sealed.subarray(ivEnd + TAG_BYTES)), decipher.final()]);
      } catch {
        return null;
      }
    },
  };
}
