import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** Encrypts values in Redis, so that its memory and dumps hold no personal data in clear text. */
export interface Encryption {
  /** Returns the encrypted bytes. `context`: what they belong to, such as their key; it is authenticated, not encrypted. */
  encrypt(bytes: Buffer, context: string): Buffer;
  /** Returns the decrypted bytes; null if no key of the ring encrypted them, or with another context. */
  decrypt(encrypted: Buffer, context: string): Buffer | null;
}

/** A key of the ring. */
export interface EncryptionKey {
  /** 1 to 32 letters, digits, `-` or `_`; stored before the encrypted bytes. */
  readonly id: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

/** No encryption: bytes are stored as they are. */
export const NO_ENCRYPTION: Encryption = { encrypt: (bytes) => bytes, decrypt: (bytes) => bytes };

const ALGORITHM = 'aes-256-gcm';
const MARK = 's'.charCodeAt(0);
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Returns the encryption by a key ring (AES-256-GCM): the first key encrypts, all of them decrypt. To rotate keys, add the
 * new key at the front, and remove the old key when all its values have expired.
 * Layout: `s`, length of the id, id, IV (12 bytes), tag (16 bytes), ciphertext.
 */
export function createEncryption(ring: readonly [EncryptionKey, ...EncryptionKey[]]): Encryption {
  const [current] = ring;
  const keys = new Map(ring.map(({ id, key }) => [id, key]));
  return {
    encrypt(bytes, context) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv(ALGORITHM, current.key, iv).setAAD(Buffer.from(context));
      const ciphertext = Buffer.concat([cipher.update(bytes), cipher.final()]);
      const head = Buffer.of(MARK, current.id.length);
      return Buffer.concat([head, Buffer.from(current.id), iv, cipher.getAuthTag(), ciphertext]);
    },
    decrypt(encrypted, context) {
      const ivAt = 2 + (encrypted[1] ?? 0);
      const tagAt = ivAt + IV_BYTES;
      const textAt = tagAt + TAG_BYTES;
      const key = keys.get(encrypted.toString('latin1', 2, ivAt));
      if (encrypted[0] !== MARK || !key || encrypted.length < textAt) return null;
      const decipher = createDecipheriv(ALGORITHM, key, encrypted.subarray(ivAt, tagAt))
        .setAAD(Buffer.from(context))
        .setAuthTag(encrypted.subarray(tagAt, textAt));
      try {
        return Buffer.concat([decipher.update(encrypted.subarray(textAt)), decipher.final()]);
      } catch {
        return null;
      }
    },
  };
}
