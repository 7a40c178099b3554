import { describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Linter, type ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

const RULES = new URL('../../lint/imports.js', import.meta.url).pathname;
const { PARTS, plugin } = (await import(RULES)) as { PARTS: Record<string, unknown>; plugin: ESLint.Plugin };

/** What the rule says of a file with this text, at this place in the tree. */
function problemsIn(file: string, text: string, cwd = '/tree'): string[] {
  const linter = new Linter({ cwd });
  const languageOptions = { parser: tseslint.parser as Linter.Parser };
  const config = {
    files: ['**/*.ts', '**/*.js'],
    plugins: { ours: plugin },
    rules: { 'ours/imports': 'error' },
    languageOptions,
  };
  return linter.verify(text, [config as Linter.Config], join(cwd, file)).map(({ message }) => message);
}

describe('the import rules', () => {
  it('name only parts that exist', () => {
    const root = new URL('../../', import.meta.url).pathname;
    expect(Object.keys(PARTS).filter((part) => !existsSync(join(root, part)))).toEqual([]);
  });

  it.each([
    ['src/graphql/a.ts', "import { a } from '../call/key.js';"],
    ['src/graphql/a.ts', "import type { A } from '../loader.js';"],
    ['src/graphql/a.ts', "import { type A } from '../loader.js';"],
    ['src/call/understanding/a.ts', "import { a } from '../trace.js';"],
    ['src/gateway.ts', "import { a } from './upstream/open.js';"],
    ['src/gateway.ts', "import { Redis } from 'ioredis';"],
    ['src/tracing/otel/a.ts', "import { trace } from '@opentelemetry/api';"],
    ['src/cache/redis/a.ts', "import { Redis } from 'ioredis';"],
    ['simulator/a.ts', "import { a } from './b.js';"],
    ['build.js', "import { a } from 'esbuild';"],
  ])('allow %s: %s', (file, text) => {
    expect(problemsIn(file, text)).toEqual([]);
  });

  it.each([
    [
      'src/call/a.ts',
      "import { a } from './understanding/verdict.js';",
      'src/call may not import src/call/understanding',
    ],
    ['src/cache/a.ts', "import type { A } from '../upstream/open.js';", 'src/cache may not import src/upstream'],
    ['src/graphql/a.ts', "import { a } from '../loader.js';", 'only types of src/loader.ts'],
    ['src/graphql/a.ts', "export { a } from '../http/server.js';", 'src/graphql may not import src/http'],
    ['src/graphql/a.ts', "export * from '../main.js';", 'src/graphql may not import src/main.ts'],
    ['src/graphql/a.ts', "const a = await import('../http/server.js');", 'src/graphql may not import src/http'],
    ['src/cache/a.ts', "import { Redis } from 'ioredis';", 'Only src/cache/redis may import ioredis'],
    ['src/http/a.ts', "import { parse } from 'graphql/language';", 'Only src/graphql may import graphql/language'],
    ['simulator/a.ts', "import { a } from '../src/call/key.js';", 'simulator may not import src/call'],
    [
      'src/gateway.ts',
      "import { trace } from '@opentelemetry/api';",
      'Only src/tracing/otel may import @opentelemetry',
    ],
    ['src/upstream/a.ts', "import { a } from '../tracing/trace-ids.js';", 'only types of src/tracing'],
  ])('refuse %s: %s', (file, text, problem) => {
    expect(problemsIn(file, text)).toEqual([expect.stringContaining(problem)]);
  });

  it.each(['src/homeless.ts', 'src/utils/a.ts', 'a.ts', 'elsewhere/a.ts'])('refuse %s, which no part holds', (file) => {
    expect(problemsIn(file, 'export const a = 1;')).toEqual([expect.stringContaining(`${file} lies in no part`)]);
  });

  it('refuse a circle of imports, of types too', () => {
    const files = {
      'src/call/a.ts': "import type { B } from './b.js';\nexport type A = B;",
      'src/call/b.ts': "import { c } from './c.js';\nexport type B = typeof c;",
      'src/call/c.ts': "import type { A } from './a.js';\nexport const c: A | null = null;",
    };
    const cwd = mkdtempSync(join(tmpdir(), 'imports-'));
    try {
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(cwd, name)), { recursive: true });
        writeFileSync(join(cwd, name), text);
      }
      expect(problemsIn('src/call/a.ts', files['src/call/a.ts'], cwd)).toEqual([
        'Circular import: src/call/a.ts → src/call/b.ts → src/call/c.ts → src/call/a.ts.',
      ]);
    } finally {
      rmSync(cwd, { recursive: true });
    }
  });
});
