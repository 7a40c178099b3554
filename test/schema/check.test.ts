import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startProgram } from '../support/program.js';

const COPIED = ['src', 'schema', 'examples', 'package.json', 'tsconfig.json'];
const CALL = 'schema/call.graphql';
const NEW_VALUE = 'enum CallDirection {\n  "Sideways."\n  SIDEWAYS';
const LINE = '### Clients must expect\n\n- Enum value `SIDEWAYS` was added to enum `CallDirection`.';

/** A copy of the tree whose schema was just released. */
let released: string;
/** A copy of that, to be changed. */
let copy: string;

beforeAll(async () => {
  released = copy = mkdtempSync(join(tmpdir(), 'call-trace-schema-'));
  for (const name of COPIED) cpSync(name, join(copy, name), { recursive: true });
  symlinkSync(resolve('node_modules'), join(copy, 'node_modules'));
  for (const name of ['released.graphql', 'accepted-changes.json']) rmSync(join(copy, 'schema', name));
  expect(await gate('--release')).toEqual({ code: 0, said: '' });
});
beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), 'call-trace-schema-'));
  cpSync(released, copy, { recursive: true });
});
afterEach(() => rmSync(copy, { recursive: true, force: true }));
afterAll(() => rmSync(released, { recursive: true, force: true }));

async function gate(...args: string[]): Promise<{ code: number | null; said: string }> {
  const program = startProgram(process.execPath, ['--import', 'tsx', 'schema/check.ts', ...args], { cwd: copy });
  const [code] = await program.ended;
  return { code, said: program.stderr() };
}

const read = (path: string) => readFileSync(join(copy, path), 'utf8');

function edit(path: string, from: string | RegExp, to: string): void {
  const text = read(path);
  const changed = text.replace(from, () => to);
  if (changed === text) throw new Error(`${path} has no ${String(from)}`);
  writeFileSync(join(copy, path), changed);
}

describe('schema:check', () => {
  it('passes what was released', async () => {
    expect(await gate('--check')).toEqual({ code: 0, said: '' });
  });

  it('fails on a field that is gone, and names the documents that ask for it', async () => {
    edit(CALL, /\n {2}"[^"]+"\n {2}complete: Boolean!/, '');
    const { code, said } = await gate('--check');
    expect(code).toBe(1);
    expect(said.split('\n')).toEqual(
      expect.arrayContaining([
        'Breaking: Field `complete` was removed from object type `Call`. Documents that ask for it are refused. Deprecate it first.',
        expect.stringMatching(
          /^Known document: examples\/trace-one-call\.graphql: Cannot query field "complete" on type "Call"/,
        ),
        'CHANGELOG-SCHEMA.md is out of date: run `npm run schema:changes` and commit the result.',
      ]),
    );
  });

  it('validates the documents of manifests', async () => {
    const text = 'query Old { call(vdn: 1, callId: "1") { colour } }';
    writeFileSync(join(copy, 'manifest.json'), JSON.stringify({ abc: text }));
    expect(await gate('--check', 'manifest.json')).toEqual({
      code: 1,
      said: 'Known document: manifest.json (abc): Cannot query field "colour" on type "Call".\n',
    });
  });

  it('passes a change that the changelog tells', async () => {
    edit(CALL, 'enum CallDirection {', NEW_VALUE);
    expect((await gate('--changes')).code).toBe(0);
    expect(read('CHANGELOG-SCHEMA.md')).toContain(`## Unreleased\n\n${LINE}`);
    expect(await gate('--check')).toEqual({ code: 0, said: '' });
  });

  it('moves changes below their version when they are released, and makes them the promise', async () => {
    edit(CALL, 'enum CallDirection {', NEW_VALUE);
    edit('package.json', '"version": "0.1.0"', '"version": "0.2.0"');
    expect(await gate('--release')).toEqual({ code: 0, said: '' });
    const changelog = read('CHANGELOG-SCHEMA.md');
    expect(changelog).toContain('## Unreleased\n\nNothing.\n\n## 0.2.0 (');
    expect(changelog.indexOf(LINE)).toBeGreaterThan(changelog.indexOf('## 0.2.0 ('));
    expect(changelog).toContain('\n## 0.1.0 (');
    expect(read('schema/released.graphql')).toContain('SIDEWAYS');
  });

  it('releases no version twice', async () => {
    edit(CALL, 'enum CallDirection {', NEW_VALUE);
    const { code, said } = await gate('--release');
    expect(code).toBe(1);
    expect(said).toContain('has version 0.1.0 already: raise it in package.json');
    expect(read('schema/released.graphql')).not.toContain('SIDEWAYS');
  });

  it.each<[string, () => void]>([
    [
      'a promise that was edited',
      () => edit('schema/released.graphql', '  complete: Boolean!', '  completed: Boolean!'),
    ],
    ['a changelog that has lost its releases', () => writeFileSync(join(copy, 'CHANGELOG-SCHEMA.md'), '')],
  ])('refuses %s, also when a release is made', async (_, change) => {
    change();
    edit('package.json', '"version": "0.1.0"', '"version": "0.2.0"');
    const said = 'schema/released.graphql is not what CHANGELOG-SCHEMA.md says was released';
    for (const mode of ['--changes', '--check', '--release']) {
      const answer = await gate(mode);
      expect(answer.code).toBe(1);
      expect(answer.said).toContain(said);
    }
    expect(read('CHANGELOG-SCHEMA.md')).not.toContain('0.2.0');
  });

  it.each<[string, string, string]>([
    ['schema/call.graphql', 'type Query {', 'What is served is no schema: Syntax Error: Expected Name, found "!".\n'],
    ['schema/accepted-changes.json', '[', 'schema/accepted-changes.json: Unexpected token'],
    ['examples/node.graphql', '(', 'examples/node.graphql: Syntax Error'],
  ])('says in a sentence that %s cannot be read', async (path, from, sentence) => {
    edit(path, from, `${from}!`);
    const { code, said } = await gate('--check');
    expect(code).toBe(1);
    expect(said.startsWith(sentence)).toBe(true);
    expect(said).not.toContain('    at ');
  });

  it('makes no first promise where the changelog has releases', async () => {
    edit(CALL, ' @key(fields: "vdn callId")', '');
    edit('package.json', '"version": "0.1.0"', '"version": "0.2.0"');
    rmSync(join(copy, 'schema/released.graphql'));
    for (const mode of ['--changes', '--check', '--release']) {
      const { code, said } = await gate(mode);
      expect(code).toBe(1);
      expect(said).toContain('schema/released.graphql is missing, and CHANGELOG-SCHEMA.md has releases: restore it.');
    }
    expect(read('CHANGELOG-SCHEMA.md')).not.toContain('0.2.0');
  });

  it('promises anew where both files are gone', async () => {
    for (const path of ['schema/released.graphql', 'CHANGELOG-SCHEMA.md']) rmSync(join(copy, path));
    expect(await gate('--release')).toEqual({ code: 0, said: '' });
    expect(read('CHANGELOG-SCHEMA.md')).toContain('The first promise');
  });

  it('releases nothing that breaks a promise', async () => {
    edit(CALL, ' @key(fields: "vdn callId")', '');
    edit('package.json', '"version": "0.1.0"', '"version": "0.2.0"');
    expect((await gate('--release')).code).toBe(1);
    expect(read('schema/released.graphql')).toContain('@key(fields: "vdn callId")');
  });
});
