import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

/** A test file, and the names of tests in it that stand behind it. */
const REFERENCE = /`(test\/[\w./-]+)`((?:,? \*[^*|]+\*)*)/g;

function referencesIn(page: string): { file: string; names: string[] }[] {
  return [...readFileSync(page, 'utf8').matchAll(REFERENCE)].map(([, file = '', names = '']) => ({
    file,
    names: [...names.matchAll(/\*([^*]+)\*/g)].map(([, name = '']) => name),
  }));
}

describe.each(['docs/security.md', 'SECURITY.md'])('%s', (page) => {
  it('names tests that there are', () => {
    const references = referencesIn(page);
    expect(references.length).toBeGreaterThan(10);
    expect(references.filter(({ file }) => !existsSync(file))).toEqual([]);
    const missing = references.flatMap(({ file, names }) =>
      names.filter((name) => !readFileSync(file, 'utf8').includes(name)).map((name) => `${file}: ${name}`),
    );
    expect(missing).toEqual([]);
  });
});

describe('docs/security.md', () => {
  it('names every file of the abuse suite', () => {
    const named = referencesIn('docs/security.md').map(({ file }) => file);
    for (const line of ['authentication', 'authorisation', 'masking', 'audit', 'limits', 'trusted-documents', 'edge'])
      expect(named).toContain(`test/abuse/${line}.test.ts`);
  });
});
