import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { ApiKeysError, createApiKeys, parseApiKeys } from '../../src/access/api-keys.js';
import { createApiKey } from '../../src/access/new-api-key.js';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const now = () => NOW;
const open = (...entries: readonly unknown[]) =>
  createApiKeys({ name: 'API_KEYS_FILE', value: () => parseApiKeys(JSON.stringify(entries)), ageMs: () => 0 }, now);

describe('createApiKey', () => {
  it('makes a key that its entry lets in', () => {
    const { key, entry } = createApiKey({ name: 'dashboard', vdns: '1/170, 2/*', scopes: 'numbers' }, now);
    const caller = open(entry)(key);
    expect(caller).toMatchObject({ id: 'key:dashboard', seesNumbers: true });
    expect([caller.grants.allows(1, 170), caller.grants.allows(2, 1), caller.grants.allows(1, 1)]).toEqual([
      true,
      true,
      false,
    ]);
    expect(JSON.stringify(entry)).not.toContain(key.slice(4));
  });

  it('makes another one each time, of 256 bits behind a mark', () => {
    const keys = Array.from({ length: 100 }, () => createApiKey({ name: 'a', vdns: '1/170' }, now).key);
    expect(new Set(keys).size).toBe(100);
    for (const key of keys) {
      expect(key).toMatch(/^ctg_[\w-]{43}$/);
      expect(Buffer.from(key.slice(4), 'base64url')).toHaveLength(32);
    }
  });

  it('makes one that expires, by a day or an instant', () => {
    const expiresAt = (expires: string) => createApiKey({ name: 'a', vdns: '1/170', expires }, now).entry;
    expect(expiresAt('2027-01-01')).toMatchObject({ expiresAt: '2027-01-01T00:00:00Z' });
    expect(expiresAt('2027-01-01T12:00:00+08:00')).toMatchObject({ expiresAt: '2027-01-01T12:00:00+08:00' });
  });

  it.each([
    [{ name: 'a b' }, /^name must/],
    [{ vdns: '170' }, /^vdns must/],
    [{ scopes: 'all' }, /^scopes must/],
    [{ expires: 'tomorrow' }, /^expiresAt must be an instant/],
    [{ expires: '2026-11-22' }, /^expiresAt must lie in the future/],
  ])('makes none of %j', (changes, problem) => {
    const make = () => createApiKey({ name: 'a', vdns: '1/170', ...changes }, now);
    expect(make).toThrow(ApiKeysError);
    expect(make).toThrow(problem);
  });
});

describe('npm run api-key', () => {
  const run = (...args: readonly string[]) =>
    promisify(execFile)(process.execPath, ['--import', 'tsx', 'src/cli/api-key.ts', ...args]);

  it('prints a key and its entry, and what they are beside them', async () => {
    const { stdout, stderr } = await run('--name', 'dashboard', '--vdns', '1/170', '--expires', '2125-01-01');
    const [key = '', entry = '', ...rest] = stdout.split('\n');
    expect(rest).toEqual(['']);
    expect(open(JSON.parse(entry))(key).id).toBe('key:dashboard');
    expect(stderr).toMatch(/stored nowhere.*API_KEYS_FILE/s);
  });

  it.each([[['--name', 'dashboard']], [['--name', 'a', '--vdns', '1/170', '--expiry', '2125-01-01']]])(
    'says how it is used, and prints no key, after %j',
    async (args) => {
      await expect(run(...args)).rejects.toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringContaining('npm run api-key -- --name') as unknown,
      });
    },
  );
});
