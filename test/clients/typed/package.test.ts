import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { createApiKey } from '../../../src/access/new-api-key.js';
import { startTestGateway, type TestGateway } from '../../support/gateway.js';
import { startProgram } from '../../support/program.js';

const execute = promisify(execFile);

const STRICT = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  skipLibCheck: false,
  target: 'ES2022',
  noEmit: true,
};

describe('the package of the typed client, in the project of somebody else', () => {
  const { key, entry } = createApiKey({ name: 'tickets', vdns: '1/170' }, () => 0);
  let gateway: TestGateway;
  let folder: string;
  beforeAll(async () => {
    const settings = { NODE_ENV: 'production', AUTH_MODE: 'api-key', ANONYMOUS_SCOPES: '', API_KEYS_FILE: 'keys.json' };
    gateway = await startTestGateway(settings, { 'keys.json': JSON.stringify([entry]) });
    folder = mkdtempSync(join(tmpdir(), 'client-of-a-consumer-'));
    await execute('npm', ['pack', '--offline', '--pack-destination', folder], { cwd: 'client' });
    writeFileSync(join(folder, 'package.json'), '{ "type": "module", "private": true }');
    const install = ['install', '--offline', '--no-audit', '--no-fund', './call-trace-client-0.1.0.tgz'];
    await execute('npm', install, { cwd: folder });
    cpSync('examples/clients/typed-client.mjs', join(folder, 'typed-client.mjs'));
    cpSync('test/clients/typed/consumer/consumer.ts', join(folder, 'consumer.ts'));
  }, 120_000);
  afterAll(async () => {
    await gateway.close();
    rmSync(folder, { recursive: true });
  });

  it('brings no other package, and its licence', () => {
    const packages = readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'));
    expect(packages).toEqual(['call-trace-client']);
    expect(readdirSync(join(folder, 'node_modules/call-trace-client')).sort()).toEqual([
      'LICENSE',
      'README.md',
      'dist',
      'package.json',
      'persisted-documents.json',
      'schema.graphql',
    ]);
  });

  it.each([
    ['Node', { module: 'NodeNext', lib: ['ES2022'], typeRoots: [resolve('node_modules/@types')], types: ['node'] }],
    ['browsers', { module: 'ESNext', moduleResolution: 'Bundler', lib: ['ES2022', 'DOM'], types: [] }],
    ['older bundlers', { module: 'Preserve', lib: ['ES2018', 'DOM'], types: [], target: 'ES2018' }],
    [
      'tools that know no `exports`',
      { module: 'ESNext', moduleResolution: 'Node10', ignoreDeprecations: '6.0', lib: ['ES2022', 'DOM'], types: [] },
    ],
  ])('has types that a strict project for %s compiles with', async (name, options) => {
    const config = join(folder, `tsconfig.${name}.json`);
    writeFileSync(config, JSON.stringify({ compilerOptions: { ...STRICT, ...options }, files: ['consumer.ts'] }));
    const tsc = startProgram(process.execPath, [resolve('node_modules/typescript/bin/tsc'), '--project', config]);
    const [code] = await tsc.ended;
    expect(`${tsc.stdout()}${code}`).toBe('0');
  });

  it('runs: the example shows a call and a list, and the code of a refusal', async () => {
    const program = startProgram(process.execPath, ['typed-client.mjs', `${gateway.url}/graphql`], {
      cwd: folder,
      env: { API_KEY: key },
    });
    const [code] = await program.ended;
    expect(program.stderr()).toBe('');
    expect(code).toBe(0);
    expect(program.stdout().trim().split('\n')).toEqual([
      expect.stringMatching(/^Answered after \d+ s by agent /),
      '1700000000-2: ANSWERED, ended by CUSTOMER',
      '1700000000-10: UNKNOWN, no final record',
      '1700000000-404: not found',
      expect.stringMatching(/^ticket-7: BAD_USER_INPUT: callId does not begin with the time of the call/),
      'code: BAD_USER_INPUT, do not ask again',
    ]);
  });

  it('is taken by CommonJS, with its types', async () => {
    cpSync(join(folder, 'consumer.ts'), join(folder, 'consumer.cts'));
    const options = { module: 'NodeNext', lib: ['ES2022', 'DOM'], types: [], verbatimModuleSyntax: false };
    const config = join(folder, 'tsconfig.cts.json');
    writeFileSync(config, JSON.stringify({ compilerOptions: { ...STRICT, ...options }, files: ['consumer.cts'] }));
    const tsc = startProgram(process.execPath, [resolve('node_modules/typescript/bin/tsc'), '--project', config]);
    const [code] = await tsc.ended;
    expect(`${tsc.stdout()}${code}`).toBe('0');
    const script = "console.log(typeof require('call-trace-client').createCallTraceClient)";
    const { stdout } = await execute(process.execPath, ['--no-warnings', '--input-type=commonjs', '-e', script], {
      cwd: folder,
    });
    expect(stdout.trim()).toBe('function');
  });

  it('leaves out of a bundle what is not used', async () => {
    const bundle = async (source: string): Promise<string> => {
      const stdin = { contents: source, resolveDir: folder };
      const { outputFiles } = await build({ stdin, bundle: true, write: false, format: 'esm', platform: 'browser' });
      return outputFiles[0]?.text ?? '';
    };
    const few = await bundle(
      "import { isKnownErrorCode } from 'call-trace-client'; console.log(isKnownErrorCode('X'));",
    );
    expect(few).toContain('RATE_LIMITED');
    expect(few).not.toMatch(/query Call|fetch/);
    const most = await bundle("import { createCallTraceClient } from 'call-trace-client'; createCallTraceClient({});");
    expect(most).toContain('query Calls');
    expect(most).not.toContain('query CallCodes');
  });

  it('has a manifest of the documents that it sends', () => {
    const manifest = JSON.parse(
      readFileSync(join(folder, 'node_modules/call-trace-client/persisted-documents.json'), 'utf8'),
    ) as Record<string, string>;
    expect(Object.values(manifest).map((text) => /^query (\w+)/.exec(text)?.[1])).toEqual([
      'Call',
      'Calls',
      'CallCodes',
    ]);
  });
});
