import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createEncryption, NO_ENCRYPTION, type EncryptionKey } from '../../../src/cache/redis/encryption.js';

const newKey = (id: string): EncryptionKey => ({ id, key: randomBytes(32) });
const OLD = newKey('2026a');
const NEW = newKey('2026b');
const NAME = 'calltrace:v2:1:170:2025-06:1749974400-2';
const BYTES = Buffer.from('the customer called from 5550100001');

describe('createEncryption', () => {
  it('decrypts what it has encrypted, whatever it is', () => {
    const encryption = createEncryption([OLD]);
    fc.assert(
      fc.property(fc.uint8Array(), fc.string(), (bytes, name) => {
        expect(encryption.decrypt(encryption.encrypt(Buffer.from(bytes), name), name)).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it('shows neither the content nor that two are equal', () => {
    const encryption = createEncryption([OLD]);
    const [one, other] = [encryption.encrypt(BYTES, NAME), encryption.encrypt(BYTES, NAME)];
    expect(one.toString('latin1')).not.toContain('5550100001');
    expect(one.equals(other)).toBe(false);
  });

  it('encrypts with the first key of the ring and decrypts with all, so that keys rotate without a cold cache', () => {
    const [before, between, after] = [createEncryption([OLD]), createEncryption([NEW, OLD]), createEncryption([NEW])];
    expect(between.decrypt(before.encrypt(BYTES, NAME), NAME)).toEqual(BYTES);
    expect(after.decrypt(between.encrypt(BYTES, NAME), NAME)).toEqual(BYTES);
    expect(after.decrypt(before.encrypt(BYTES, NAME), NAME)).toBeNull();
  });

  it('is not deceived by another key of the same id', () => {
    expect(createEncryption([newKey(OLD.id)]).decrypt(createEncryption([OLD]).encrypt(BYTES, NAME), NAME)).toBeNull();
  });

  it('does not decrypt a value in another context', () => {
    const encryption = createEncryption([OLD]);
    expect(encryption.decrypt(encryption.encrypt(BYTES, NAME), `${NAME}2`)).toBeNull();
  });

  it('decrypts nothing of which a single bit was changed, or the end is missing', () => {
    const encryption = createEncryption([OLD]);
    const encrypted = encryption.encrypt(BYTES, NAME);
    for (let at = 0; at < encrypted.length; at += 1) {
      const changed = Buffer.from(encrypted);
      changed.writeUInt8(encrypted.readUInt8(at) ^ 1, at);
      expect(encryption.decrypt(changed, NAME)).toBeNull();
      expect(encryption.decrypt(encrypted.subarray(0, at), NAME)).toBeNull();
    }
  });

  it('decrypts nothing that was never encrypted', () => {
    const encryption = createEncryption([OLD]);
    expect(encryption.decrypt(BYTES, NAME)).toBeNull();
    expect(encryption.decrypt(Buffer.alloc(0), NAME)).toBeNull();
    fc.assert(fc.property(fc.uint8Array(), (bytes) => expect(encryption.decrypt(Buffer.from(bytes), NAME)).toBeNull()));
  });

  it.each(['a', 'x'.repeat(32)])('takes an id of %s', (id) => {
    const encryption = createEncryption([newKey(id)]);
    expect(encryption.decrypt(encryption.encrypt(BYTES, NAME), NAME)).toEqual(BYTES);
  });
});

describe('NO_ENCRYPTION', () => {
  it('leaves bytes as they are', () => {
    expect(NO_ENCRYPTION.encrypt(BYTES, NAME)).toEqual(BYTES);
    expect(NO_ENCRYPTION.decrypt(BYTES, NAME)).toEqual(BYTES);
  });
});
