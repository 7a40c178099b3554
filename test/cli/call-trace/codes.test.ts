import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import stringWidth from 'fast-string-width';
import { documentManifest } from '../../../src/cli/call-trace/documents.js';
import { startTestGateway, type TestGateway } from '../../support/gateway.js';
import { buildProgram, ENVIRONMENT, type BuiltProgram, type Run } from './support.js';

describe('call-trace', () => {
  let gateway: TestGateway;
  let program: BuiltProgram;
  beforeAll(async () => {
    [gateway, program] = await Promise.all([startTestGateway(), buildProgram()]);
  });
  afterAll(async () => {
    program.remove();
    await gateway.close();
  });

  const run = (args: readonly string[], url = gateway.url): Promise<Run> =>
    program.run(args, { env: { ...ENVIRONMENT, CALL_TRACE_URL: url } });

  it('says what a code means, and where that is known from', async () => {
    const { code, stdout } = await run(['codes', 'leave-reason', '16']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^16 AGENT_RELEASED\nThe agent released the call\nHIGH · pages cec_/);
  });

  it('takes result codes as the interface writes them', async () => {
    const { stdout } = await run(['codes', 'result-code', '0100001', '-o', 'ndjson']);
    expect(JSON.parse(stdout)).toMatchObject({ wireCode: '0100001', name: 'CALL_FAILED' });
  });

  it.each([
    'media-type',
    'sub-media-type',
    'device-type',
    'call-type',
    'enter-reason',
    'leave-reason',
    'release-cause',
  ])('lists %s in 100 and in 40 columns, in Chinese', async (table) => {
    for (const columns of [100, 40]) {
      const { code, stdout } = await run(['codes', table, '--width', String(columns), '-l', 'zh']);
      expect(code).toBe(0);
      expect(stdout).toMatch(/\p{Script=Han}/u);
      expect(stdout.split('\n').filter((line) => stringWidth(line) > columns)).toEqual([]);
    }
  });

  it('exits with 3 for a code that is in no table', async () => {
    const { code, stdout, stderr } = await run(['codes', 'leave-reason', '999']);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toBe('The table leave-reason has no code 999: call-trace codes leave-reason lists those it has.\n');
  });

  it.each([
    ['https://calls.example', 'https://calls.example/calls/170/1749974400-11'],
    ['https://calls.example/graphql', 'https://calls.example/calls/170/1749974400-11'],
    ['https://example.org/trace/?a=b#c', 'https://example.org/trace/calls/170/1749974400-11'],
  ])('prints the page of a call below %s', async (url, link) => {
    const { code, stdout } = await run(['open', '170', '1749974400-11'], url);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${link}\n` });
  });

  it('puts into the address what the page is to show', async () => {
    const options = ['--month', '2025-06', '--cc', '2', '--leg', '3', '-z', 'Asia/Shanghai', '-l', 'zh'];
    const { stdout } = await run(['open', '170', 'a/b?c', ...options], 'https://calls.example');
    expect(stdout).toBe(
      'https://calls.example/calls/170/a%2Fb%3Fc?month=2025-06&ccId=2&leg=3&zone=Asia%2FShanghai&lang=zh\n',
    );
  });

  it('prints its documents as a manifest, with which a gateway that runs no others answers all it asks', async () => {
    const { stdout } = await run(['documents']);
    expect(JSON.parse(stdout)).toEqual(documentManifest());
    const settings = { TRUSTED_DOCUMENTS: 'enforce', TRUSTED_DOCUMENTS_FILE: 'manifest' };
    const strict = await startTestGateway(settings, { manifest: stdout });
    const ways = [[], ['--story'], ['-o', 'csv'], ['--json'], ['--quiet']];
    const runs = await Promise.all(ways.map((args) => run(['show', '170', '1749974400-11', ...args], strict.url)));
    const many = await program.run(['show', '-'], {
      stdin: '170,1749974400-11',
      env: { ...ENVIRONMENT, CALL_TRACE_URL: strict.url },
    });
    const codes = await run(['codes', 'leave-reason'], strict.url);
    await strict.close();
    expect([...runs, many, codes].map(({ code, stderr }) => ({ code, stderr }))).toEqual(
      Array.from({ length: ways.length + 2 }, () => ({ code: 0, stderr: '' })),
    );
  });
});
