import { describe, expect, it } from '@jest/globals';
import { createSecretFile } from '../../src/config/secret-file.js';

const REREAD_MS = 10_000;

/** A secret in a file, and the file. */
function createFile(first = 'first') {
  let text: string | Error = `${first}\n`;
  let reads = 0;
  let now = 1_750_000_000_000;
  let misfits = 0;
  const secret = createSecretFile(
    () => {
      reads += 1;
      if (text instanceof Error) throw text;
      return text;
    },
    first,
    () => now,
    { fits: (secret) => !secret.includes(' '), onMisfit: () => (misfits += 1) },
  );
  return {
    secret,
    write: (change: string | Error) => void (text = change),
    pass: (ms: number) => void (now += ms),
    get misfits() {
      return misfits;
    },
    get reads() {
      return reads;
    },
  };
}

describe('createSecretFile', () => {
  it('is what was read first, without another look at the file', () => {
    const file = createFile();
    file.write('second');
    file.pass(REREAD_MS - 1);
    expect(file.secret()).toBe('first');
    expect(file.reads).toBe(0);
  });

  it('is what the file holds 10 s later, without the line break at its end', () => {
    const file = createFile();
    file.write('second\r\n');
    file.pass(REREAD_MS);
    expect(file.secret()).toBe('second');
  });

  it('looks once in 10 s, however often it is asked', () => {
    const file = createFile();
    for (let n = 0; n < 100; n += 1) {
      file.pass(1_000);
      file.secret();
    }
    expect(file.reads).toBe(10);
  });

  it.each([
    ['gone', new Error('ENOENT')],
    ['empty', ''],
    ['blank', ' \n'],
  ])('stays as it was while the file is %s, and follows once it is back', (_, text) => {
    const file = createFile();
    file.write(text);
    file.pass(REREAD_MS);
    expect(file.secret()).toBe('first');
    file.write('second');
    file.pass(REREAD_MS);
    expect(file.secret()).toBe('second');
  });

  it('stays as it was while the file holds what does not fit, and tells of that once', () => {
    const file = createFile();
    const lookAt = (text: string): string => {
      file.write(text);
      file.pass(REREAD_MS);
      return file.secret();
    };
    expect([lookAt('not this'), lookAt('not this'), lookAt('not this')]).toEqual(['first', 'first', 'first']);
    expect(file.misfits).toBe(1);
    expect(lookAt('nor this')).toBe('first');
    expect(file.misfits).toBe(2);
    expect(lookAt('second')).toBe('second');
    expect(lookAt('nor this')).toBe('second');
    expect(file.misfits).toBe(3);
  });

  it('goes on after a clock that was set back by an hour', () => {
    const file = createFile();
    file.write('second');
    file.pass(-3_600_000);
    expect(file.secret()).toBe('second');
  });
});
