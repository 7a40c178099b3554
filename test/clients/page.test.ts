import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createApiKey } from '../../src/access/new-api-key.js';
import { ERROR_CODES } from '../../src/call/error-codes.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { startProgram } from '../support/program.js';

const PAGE = readFileSync('docs/clients.md', 'utf8');
const PACKAGE = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, Record<string, string>>;

function blocks(language: string): string[] {
  return [...PAGE.matchAll(new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``, 'g'))].map(([, text = '']) => text);
}

describe('docs/clients.md', () => {
  const { key, entry } = createApiKey({ name: 'dashboard', vdns: '1/170' }, () => 0);
  let gateway: TestGateway;
  beforeAll(async () => {
    const settings = { AUTH_MODE: 'api-key', ANONYMOUS_SCOPES: '', API_KEYS_FILE: 'keys.json', INTROSPECTION: 'true' };
    gateway = await startTestGateway(settings, { 'keys.json': JSON.stringify([entry]) });
  });
  afterAll(() => gateway.close());

  it('quotes the programs that run, to the letter', () => {
    const programs = readdirSync('examples/clients').map((file) => readFileSync(`examples/clients/${file}`, 'utf8'));
    const quotes = blocks('js');
    expect(quotes.length).toBeGreaterThan(5);
    expect(quotes.filter((quote) => !programs.some((program) => program.includes(quote)))).toEqual([]);
    for (const file of readdirSync('examples/clients')) expect(PAGE).toContain(`(../examples/clients/${file})`);
  });

  it('installs packages that the programs are tested with', () => {
    const installed = blocks('sh').flatMap(
      (text) => /^npm install(?: --save-dev)? ([^.].*)$/m.exec(text)?.[1]?.split(' ') ?? [],
    );
    const tested = { ...PACKAGE['dependencies'], ...PACKAGE['devDependencies'] };
    expect(installed.length).toBeGreaterThan(5);
    expect(installed.filter((name) => !(name in tested))).toEqual([]);
  });

  it('asks what the schema answers', async () => {
    for (const query of blocks('graphql')) {
      const { body } = await gateway.query(query, {}, { 'x-api-key': key });
      expect(body).toMatchObject({
        data: { callRateLimit: { cost: expect.any(Number) }, callViewer: { name: 'key:dashboard', vdns: ['1/170'] } },
      });
    }
  });

  it('lists every error code once', () => {
    const rows = PAGE.slice(PAGE.indexOf('## Errors'), PAGE.indexOf('## How much you may ask')).split('\n');
    const codes = rows.flatMap((row) =>
      [...(row.split('|')[1] ?? '').matchAll(/`([A-Z_]+)`/g)].map(([, code]) => code),
    );
    expect(codes.sort()).toEqual([...ERROR_CODES].sort());
  });

  it('lists every operation of examples/', () => {
    const operations = readdirSync('examples').filter((file) => file.endsWith('.graphql'));
    expect(operations.filter((file) => !PAGE.includes(`\`${file}\``))).toEqual([]);
  });

  it('makes types and a manifest of the documents of a client', async () => {
    const [config = ''] = blocks('yaml');
    const folder = mkdtempSync(join(tmpdir(), 'client-'));
    try {
      writeFileSync(
        join(folder, 'codegen.yml'),
        config.replace('http://localhost:4000', gateway.url).replace(/ctg_demo\S+/, key),
      );
      cpSync('examples', join(folder, 'src'), { recursive: true, filter: (file) => !/\.(json|mjs|py|sh)$/.test(file) });
      symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
      const codegen = startProgram(process.execPath, ['node_modules/@graphql-codegen/cli/cjs/bin.js'], { cwd: folder });
      const [code] = await codegen.ended;
      expect(`${codegen.stderr()}${code}`).toBe('0');
      expect(readFileSync(join(folder, 'src/graph/graphql.ts'), 'utf8')).toMatch(/'UPSTREAM_TIMEOUT'/);
      const manifest = JSON.parse(readFileSync(join(folder, 'src/graph/persisted-documents.json'), 'utf8')) as object;
      expect(Object.keys(manifest)).toHaveLength(
        readdirSync('examples').filter((file) => file.endsWith('.graphql')).length,
      );
      expect(Object.keys(manifest)[0]).toMatch(/^(sha256:)?[\da-f]{64}$/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
