import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createSeal, OPEN_SEAL, type SealKey } from '../../../src/tiers/redis/seal.js';

const newKey = (id: string): SealKey => ({ id, key: randomBytes(32) });
const OLD = newKey('2026a');
const NEW = newKey('2026b');
const NAME = 'calltrace:v1:1:170:2025-06:1749974400-2';
const BYTES = Buffer.from('the customer called from 5550100001');

describe('createSeal', () => {
  it('opens what it has closed, whatever it is', () => {
    const seal = createSeal([OLD]);
    fc.assert(
      fc.property(fc.uint8Array(), fc.string(), (bytes, name) => {
        expect(seal.open(seal.close(Buffer.from(bytes), name), name)).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it('shows neither the content nor that two are equal', () => {
    const seal = createSeal([OLD]);
    const [one, other] = [seal.close(BYTES, NAME), seal.close(BYTES, NAME)];
    expect(one.toString('latin1')).not.toContain('5550100001');
    expect(one.equals(other)).toBe(false);
  });

  it('closes with the first key of the ring and opens with all, so that keys rotate without a cold cache', () => {
    const [before, between, after] = [createSeal([OLD]), createSeal([NEW, OLD]), createSeal([NEW])];
    expect(between.open(before.close(BYTES, NAME), NAME)).toEqual(BYTES);
    expect(after.open(between.close(BYTES, NAME), NAME)).toEqual(BYTES);
    expect(after.open(before.close(BYTES, NAME), NAME)).toBeNull();
  });

  it('is not deceived by another key of the same id', () => {
    expect(createSeal([newKey(OLD.id)]).open(createSeal([OLD]).close(BYTES, NAME), NAME)).toBeNull();
  });

  it('does not open a value that was moved under another name', () => {
    const seal = createSeal([OLD]);
    expect(seal.open(seal.close(BYTES, NAME), `${NAME}2`)).toBeNull();
  });

  it('opens nothing of which a single bit was changed, or the end is missing', () => {
    const seal = createSeal([OLD]);
    const sealed = seal.close(BYTES, NAME);
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(sealed.readUInt8(at) ^ 1, at);
      expect(seal.open(changed, NAME)).toBeNull();
      expect(seal.open(sealed.subarray(0, at), NAME)).toBeNull();
    }
  });

  it('opens nothing that was never closed', () => {
    const seal = createSeal([OLD]);
    expect(seal.open(BYTES, NAME)).toBeNull();
    expect(seal.open(Buffer.alloc(0), NAME)).toBeNull();
    fc.assert(fc.property(fc.uint8Array(), (bytes) => expect(seal.open(Buffer.from(bytes), NAME)).toBeNull()));
  });

  it.each(['a', 'x'.repeat(32)])('takes an id of %s', (id) => {
    const seal = createSeal([newKey(id)]);
    expect(seal.open(seal.close(BYTES, NAME), NAME)).toEqual(BYTES);
  });
});

describe('OPEN_SEAL', () => {
  it('leaves bytes as they are', () => {
    expect(OPEN_SEAL.close(BYTES, NAME)).toEqual(BYTES);
    expect(OPEN_SEAL.open(BYTES, NAME)).toEqual(BYTES);
  });
});
