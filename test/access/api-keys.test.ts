import { describe, expect, it } from '@jest/globals';
import {
  ApiKeysError,
  createApiKeys,
  describeApiKeys,
  findKey,
  hashKey,
  parseApiKeys,
  type ApiKey,
} from '../../src/access/api-keys.js';
import { AuthenticationUnavailableError, UnauthenticatedError } from '../../src/access/caller.js';

const NOW = Date.parse('2026-11-22T12:00:00Z');
/** A key in our form, the same for the same letter. */
const keyOf = (letter: string): string => `ctg_${letter.repeat(43)}`;
const entryOf = (letter: string, changes: Readonly<Record<string, unknown>> = {}) => ({
  name: letter,
  sha256: hashKey(keyOf(letter)).toString('hex'),
  vdns: ['1/170'],
  ...changes,
});
const textOf = (...entries: readonly unknown[]): string => JSON.stringify(entries);
/** Keys of a file that is always read anew. */
const follow = (text: () => string, now = NOW) => {
  const value = () => parseApiKeys(text());
  return createApiKeys({ name: 'API_KEYS_FILE', value, ageMs: () => 0 }, () => now);
};
const open = (text: string, now = NOW) => follow(() => text, now);

function refusalOf(ask: () => unknown): unknown {
  try {
    return ask();
  } catch (error) {
    return error;
  }
}

describe('createApiKeys', () => {
  it('knows whose a key is, and what they may see', () => {
    const callerOf = open(textOf(entryOf('a', { name: 'dashboard' }), entryOf('b', { scopes: ['numbers'], vdns: [] })));
    const dashboard = callerOf(keyOf('a'));
    expect(dashboard).toMatchObject({ id: 'key:dashboard', seesNumbers: false });
    expect([dashboard.grants.allows(1, 170), dashboard.grants.allows(1, 171)]).toEqual([true, false]);
    const other = callerOf(keyOf('b'));
    expect(other).toMatchObject({ id: 'key:b', seesNumbers: true });
    expect(other.grants.allows(1, 170)).toBe(false);
  });

  it('knows several keys of one name, while one replaces the other', () => {
    const callerOf = open(textOf(entryOf('a', { name: 'one' }), entryOf('b', { name: 'one' })));
    expect([keyOf('a'), keyOf('b')].map((key) => callerOf(key).id)).toEqual(['key:one', 'key:one']);
  });

  it('refuses a key from the moment it expires', () => {
    const text = textOf(entryOf('a', { expiresAt: '2026-11-22T13:00:00+01:00' }));
    expect(open(text, NOW - 1)(keyOf('a')).id).toBe('key:a');
    expect(() => open(text, NOW)(keyOf('a'))).toThrow(UnauthenticatedError);
  });

  it('tells an unknown key from one that has expired, or is none, by nothing', () => {
    const callerOf = open(textOf(entryOf('a', { expiresAt: '2020-01-01T00:00:00Z' })));
    const refusals = [keyOf('a'), keyOf('b'), 'secret', '', `${keyOf('a')} `, 'x'.repeat(10_000)].map((key) =>
      refusalOf(() => callerOf(key)),
    );
    for (const refusal of refusals) {
      expect(refusal).toBeInstanceOf(UnauthenticatedError);
      expect(refusal).toMatchObject({
        message: 'The API key is not valid: send one that this gateway knows and that has not expired, as x-api-key.',
        challenge: 'ApiKey',
      });
    }
  });

  it('does not take a word for a key, though its hash be in the file', () => {
    const callerOf = open(textOf(entryOf('a', { sha256: hashKey('secret').toString('hex') })));
    expect(() => callerOf('secret')).toThrow(UnauthenticatedError);
  });

  it('does not take the hash for the key', () => {
    const { sha256 } = entryOf('a');
    expect(() => open(textOf(entryOf('a')))(sha256)).toThrow(UnauthenticatedError);
  });

  it('lets nobody in where the list is empty', () => {
    expect(() => open('[]')(keyOf('a'))).toThrow(UnauthenticatedError);
  });

  it('follows a file that changes', () => {
    let text = textOf(entryOf('a'));
    const callerOf = follow(() => text);
    expect(callerOf(keyOf('a')).id).toBe('key:a');
    text = textOf(entryOf('b'));
    expect(callerOf(keyOf('b')).id).toBe('key:b');
    expect(() => callerOf(keyOf('a'))).toThrow(UnauthenticatedError);
  });

  it('cannot tell while the list is too old to be used', () => {
    const callerOf = createApiKeys({ name: 'API_KEYS_FILE', value: () => null, ageMs: () => 0 }, () => NOW);
    expect(() => callerOf(keyOf('a'))).toThrow(AuthenticationUnavailableError);
  });

  it.each([
    ['unknown', keyOf('b'), 'unknown_key'],
    ['no key at all', 'secret', 'unknown_key'],
    ['expired', keyOf('a'), 'expired'],
  ])('tells the log of a key that is %s', (_, key, reason) => {
    const callerOf = open(textOf(entryOf('a', { expiresAt: '2020-01-01T00:00:00Z' })));
    expect(refusalOf(() => callerOf(key))).toMatchObject({ reason });
  });
});

describe('describeApiKeys', () => {
  it('tells how many keys there are, and warns of none', () => {
    expect(describeApiKeys(parseApiKeys(textOf(entryOf('a'), entryOf('b'))))).toEqual({ fields: { keys: 2 } });
    expect(describeApiKeys([])).toEqual({
      fields: { keys: 0 },
      warning: 'its list is empty, and every API key is refused',
    });
  });
});

describe('findKey', () => {
  /** Entries that count how often their hash is looked at. */
  function createEntries(letters: readonly string[]) {
    const looks = letters.map(() => 0);
    const keys = letters.map((letter, index): ApiKey => {
      const [key] = parseApiKeys(textOf(entryOf(letter)));
      if (!key) throw new Error('no key');
      return {
        ...key,
        get sha256() {
          looks[index] = (looks[index] ?? 0) + 1;
          return key.sha256;
        },
      };
    });
    return { keys, looks };
  }

  it.each(['a', 'b', 'c', 'd'])(
    'compares with all entries, wherever the key stands, or if there is none: %s',
    (letter) => {
      const { keys, looks } = createEntries(['a', 'b', 'c']);
      expect(findKey(keys, hashKey(keyOf(letter)))?.caller.id).toBe(letter === 'd' ? undefined : `key:${letter}`);
      expect(looks).toEqual([1, 1, 1]);
    },
  );
});

describe('parseApiKeys', () => {
  it.each(['', 'no JSON', 'null', '{}', '"text"'])('wants a list, not %j', (text) => {
    expect(() => parseApiKeys(text)).toThrow(/^must hold a JSON list of keys/);
  });

  const hash = 'ab'.repeat(32);
  it.each<[unknown, RegExp]>([
    ['text', /an object/],
    [null, /an object/],
    [[], /an object/],
    [{ name: 'a b', sha256: hash, vdns: [] }, /name must/],
    [{ name: 'hunter2\n', sha256: hash, vdns: [] }, /name must/],
    [{ name: '', sha256: hash, vdns: [] }, /name must/],
    [{ name: 'a', sha256: hash.slice(1), vdns: [] }, /sha256 must/],
    [{ name: 'a', sha256: 'hunter2', vdns: [] }, /sha256 must/],
    [{ name: 'a', sha256: hash }, /vdns must/],
    [{ name: 'a', sha256: hash, vdns: '1/170' }, /vdns must/],
    [{ name: 'a', sha256: hash, vdns: ['hunter2'] }, /vdns must/],
    [{ name: 'a', sha256: hash, vdns: [170] }, /vdns must/],
    [{ name: 'a', sha256: hash, vdns: [], scopes: ['number'] }, /scopes must/],
    [{ name: 'a', sha256: hash, vdns: [], scopes: 'numbers' }, /scopes must/],
    [{ name: 'a', sha256: hash, vdns: [], expiresAt: '2027-01-01' }, /expiresAt must/],
    [{ name: 'a', sha256: hash, vdns: [], expiresAt: '2027-13-01T00:00:00Z' }, /expiresAt must/],
    [{ name: 'a', sha256: hash, vdns: [], expiresAt: '2027-01-01T00:00:00' }, /expiresAt must/],
    [{ name: 'a', sha256: hash, vdns: [], expiresAt: 1_800_000_000 }, /expiresAt must/],
    [{ name: 'a', sha256: hash, vdns: [], expires: '2027-01-01T00:00:00Z' }, /only name, sha256, vdns/],
  ])('names the entry and what is wrong with it, not what it says: %j', (entry, problem) => {
    const text = textOf(entryOf('a'), entry);
    expect(() => parseApiKeys(text)).toThrow(ApiKeysError);
    expect(() => parseApiKeys(text)).toThrow(problem);
    expect(() => parseApiKeys(text)).toThrow(/^must be corrected at entry 1: (?!.*hunter2)/);
  });

  it('wants no key twice', () => {
    expect(() => parseApiKeys(textOf(entryOf('a'), entryOf('a', { name: 'b' })))).toThrow(/same sha256 twice/);
  });
});
