import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { unlistedLicences, type LockFile } from '../../supply/licences.js';

const unlisted = (manifest: object, dev = false): string[] =>
  unlistedLicences(
    { packages: { '': {}, 'node_modules/a/node_modules/@b/c': { version: '1.2.3', dev } } },
    () => manifest,
  );

describe('the licences', () => {
  it.each([
    { license: 'MIT' },
    { license: '(GPL-3.0-only OR MIT)' },
    { license: 'MIT AND ISC' },
    { license: { type: 'BSD-3-Clause' } },
    { licenses: [{ type: 'GPL-2.0' }, { type: 'MIT' }] },
  ])('may be %j', (manifest) => {
    expect(unlisted(manifest)).toEqual([]);
  });

  it.each([
    [{ license: 'AGPL-3.0-only' }, 'AGPL-3.0-only'],
    [{ license: 'MIT AND GPL-3.0-only' }, 'MIT AND GPL-3.0-only'],
    [{ license: 'SEE LICENSE IN terms.txt' }, 'SEE LICENSE IN terms.txt'],
    [{ license: 'UNLICENSED' }, 'UNLICENSED'],
    [{ license: 'Elastic-2.0' }, 'Elastic-2.0'],
    [{}, 'no licence'],
  ])('may not be %j', (manifest, told) => {
    expect(unlisted(manifest)).toEqual([`@b/c@1.2.3: ${told}`]);
  });

  it('of what does not run in production do not matter', () => {
    expect(unlisted({ license: 'AGPL-3.0-only' }, true)).toEqual([]);
  });

  it('of what is installed here are all on the list', () => {
    const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as LockFile;
    let read = 0;
    const found = unlistedLicences(lock, (place) => {
      const path = `${place}/package.json`;
      if (!existsSync(path)) return undefined;
      read += 1;
      return JSON.parse(readFileSync(path, 'utf8')) as object;
    });
    expect(found).toEqual([]);
    expect(read).toBeGreaterThan(50);
  });
});

describe('the lock file', () => {
  it('pins all that runs in production by version and hash, and says of nothing where it is fetched', () => {
    const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
      packages: Record<string, { version?: string; integrity?: string; resolved?: string; dev?: boolean }>;
    };
    const { '': own, ...others } = packages as typeof packages & { '': { dependencies: Record<string, string> } };
    expect(Object.values(own.dependencies).filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
    const loose = Object.entries(others).filter(
      ([, { version, integrity = '', resolved, dev }]) =>
        resolved !== undefined || !version || (!dev && !integrity.startsWith('sha512-')),
    );
    expect(loose.map(([place]) => place)).toEqual([]);
  });
});
