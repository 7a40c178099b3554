import { describe, expect, it } from '@jest/globals';
import { createWatchedFile, REREAD_MS } from '../../src/access/watched-file.js';

const MAX_STALE_MS = 3_600_000;

/** A file of words, which may not begin with a capital, and what is said of it. */
function createFile(maxStaleMs: number | null = null) {
  let text: string | Error = 'first\n';
  let reads = 0;
  let now = 1_750_000_000_000;
  const lines: string[] = [];
  const log = {
    info: (fields: object, line: string) => lines.push(`info ${line} ${JSON.stringify(fields)}`),
    warn: (fields: object, line: string) => lines.push(`warn ${line} ${JSON.stringify(fields)}`),
  };
  const file = createWatchedFile({
    name: 'WORDS_FILE',
    read: () => {
      reads += 1;
      if (text instanceof Error) throw text;
      return text;
    },
    parse: (word) => {
      if (/^[A-Z]/.test(word)) throw new Error('must not begin with a capital');
      return { word };
    },
    describe: ({ word }) => ({
      fields: { length: word.length },
      ...(word === 'zero' ? { warning: 'it is zero' } : {}),
    }),
    maxStaleMs,
    log,
    now: () => now,
  });
  return {
    ...file,
    lines,
    word: () => file.value()?.word,
    write: (change: string | Error) => void (text = change),
    pass: (ms: number) => void (now += ms),
    get reads() {
      return reads;
    },
  };
}

const gone = () => Object.assign(new Error('no such file'), { code: 'ENOENT' });

describe('createWatchedFile', () => {
  it('holds what was read first, without another look at the file', () => {
    const file = createFile();
    file.write('second');
    file.pass(REREAD_MS - 1);
    expect(file.word()).toBe('first');
    expect(file.reads).toBe(1);
  });

  it('holds what the file holds 10 s later, without white space around it, and says so', () => {
    const file = createFile();
    file.write('second\r\n');
    file.pass(REREAD_MS);
    expect(file.word()).toBe('second');
    expect(file.lines).toEqual(['info WORDS_FILE has changed {"length":6}']);
  });

  it('warns of a change that deserves it', () => {
    const file = createFile();
    file.write('zero');
    file.pass(REREAD_MS);
    expect(file.word()).toBe('zero');
    expect(file.lines).toEqual(['warn WORDS_FILE has changed: it is zero {"length":4}']);
  });

  it('holds the same object for as long as the file does not change', () => {
    const file = createFile();
    const first = file.value();
    file.pass(REREAD_MS);
    expect(file.value()).toBe(first);
    expect(file.lines).toEqual([]);
  });

  it('is read once in 10 s, however often it is asked', () => {
    const file = createFile();
    for (let n = 0; n < 100; n += 1) {
      file.pass(1_000);
      file.value();
      file.ageMs();
    }
    expect(file.reads).toBe(1 + 10);
  });

  it.each<[string, string | Error, string]>([
    ['gone', gone(), 'cannot be read (ENOENT)'],
    ['empty', '', 'is empty'],
    ['blank', ' \n', 'is empty'],
    ['wrong', 'Wrong', 'must not begin with a capital'],
  ])('holds what it held while the file is %s, says so once, and follows once it is back', (_, text, problem) => {
    const file = createFile();
    file.write(text);
    for (let n = 0; n < 5; n += 1) {
      file.pass(REREAD_MS);
      expect(file.word()).toBe('first');
    }
    expect(file.lines).toEqual([`warn WORDS_FILE ${problem}: what it held before stays in use {}`]);
    file.write('second');
    file.pass(REREAD_MS);
    expect(file.word()).toBe('second');
    expect(file.lines.slice(1)).toEqual([
      'info WORDS_FILE has changed {"length":6}',
      'info WORDS_FILE can be used again {}',
    ]);
  });

  it('says of each problem what it is', () => {
    const file = createFile();
    for (const text of [gone(), '', gone()]) {
      file.write(text);
      file.pass(REREAD_MS);
      file.value();
    }
    expect(file.lines).toHaveLength(3);
  });

  it('tells how long ago it could be used', () => {
    const file = createFile();
    file.pass(REREAD_MS - 1);
    expect(file.ageMs()).toBe(REREAD_MS - 1);
    file.pass(1);
    expect(file.ageMs()).toBe(0);
    file.write('');
    file.pass(3 * REREAD_MS);
    expect(file.ageMs()).toBe(3 * REREAD_MS);
  });

  it('is believed no longer than it may be stale, and again once it can be used', () => {
    const file = createFile(MAX_STALE_MS);
    file.write(gone());
    file.pass(MAX_STALE_MS - 1);
    expect(file.word()).toBe('first');
    file.pass(1);
    expect(file.value()).toBeNull();
    file.pass(REREAD_MS);
    expect(file.value()).toBeNull();
    expect(file.lines).toEqual([
      'warn WORDS_FILE cannot be read (ENOENT): what it held before stays in use {}',
      'warn WORDS_FILE cannot be read (ENOENT): what it held before is too old to be used {}',
    ]);
    file.write('first');
    file.pass(REREAD_MS);
    expect(file.word()).toBe('first');
  });

  it('is believed for ever where nothing else is said', () => {
    const file = createFile();
    file.write(gone());
    file.pass(1_000 * MAX_STALE_MS);
    expect(file.word()).toBe('first');
  });

  it('is not too old after a night in which nobody asked', () => {
    const file = createFile(MAX_STALE_MS);
    file.pass(2 * MAX_STALE_MS);
    expect(file.word()).toBe('first');
  });

  it('goes on after a clock that was set back by an hour', () => {
    const file = createFile();
    file.write('second');
    file.pass(-3_600_000);
    expect(file.word()).toBe('second');
    expect(file.ageMs()).toBe(0);
  });

  it('does not begin with a file that cannot be used', () => {
    const options = {
      ...{ name: 'WORDS_FILE', maxStaleMs: null, now: () => 0 },
      log: { info: () => undefined, warn: () => undefined },
    };
    const parse = (): never => {
      throw new Error('must be another');
    };
    expect(() => createWatchedFile({ ...options, read: () => 'x', parse })).toThrow('must be another');
    const read = (): never => {
      throw gone();
    };
    expect(() => createWatchedFile({ ...options, read, parse: (text) => text })).toThrow('no such file');
  });
});
