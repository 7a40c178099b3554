import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hashKey } from '../../../src/access/api-keys.js';
import { startTestGateway, type TestGateway } from '../../support/gateway.js';
import { buildProgram, ENVIRONMENT, type BuiltProgram, type Run } from './support.js';

const KEY = `ctg_${'of-the-command-line'.padEnd(43, '-')}`;
const WRONG_KEY = `ctg_${'that-no-gateway-knows'.padEnd(43, '-')}`;
const CALL = ['show', '170', '1749974400-11'];

describe('call-trace', () => {
  let gateway: TestGateway;
  let program: BuiltProgram;
  beforeAll(async () => {
    const keys = [{ name: 'cli', sha256: hashKey(KEY).toString('hex'), vdns: ['1/170'] }];
    const settings = {
      AUTH_MODE: 'api-key',
      API_KEYS_FILE: 'keys',
      NUMBER_HASH_KEY: 'thirty-two characters for the tests',
    };
    [gateway, program] = await Promise.all([
      startTestGateway(settings, { keys: JSON.stringify(keys) }),
      buildProgram(),
    ]);
  });
  afterAll(async () => {
    program.remove();
    await gateway.close();
  });

  const run = async (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Run> => {
    const result = await program.run(args, {
      env: { ...ENVIRONMENT, CALL_TRACE_URL: gateway.url, CALL_TRACE_API_KEY: KEY, ...env },
    });
    for (const key of [KEY, WRONG_KEY]) expect(result.stdout + result.stderr).not.toContain(key);
    return result;
  };
  const fileWith = (text: string): string => {
    const path = join(dirname(program.path), 'key');
    writeFileSync(path, text);
    return path;
  };

  it('exits with 0 for a call that is found', async () => {
    const { code, stdout, stderr } = await run(CALL);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('agent 2002');
  });

  it('takes the key from a file before any other', async () => {
    const file = fileWith(`${KEY}\n`);
    expect((await run([...CALL, '--api-key-file', file], { CALL_TRACE_API_KEY: WRONG_KEY })).code).toBe(0);
  });

  it('exits with 1 where something else listens', async () => {
    const server = createServer((_, response) => response.end('<h1>It works!</h1>')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { code, stderr } = await run([...CALL, '--url', url]);
    server.close();
    expect(code).toBe(1);
    expect(stderr).toBe(
      `error: ${url}/graphql answered with status 200 and no GraphQL: this is no call trace gateway. Check --url or CALL_TRACE_URL.\n`,
    );
  });

  it('takes its key nowhere else: it follows no redirect', async () => {
    const asked: (string | undefined)[] = [];
    const elsewhere = createServer((request, response) => {
      asked.push(request.url);
      response.end();
    }).listen(0, '127.0.0.1');
    await once(elsewhere, 'listening');
    const location = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/graphql`;
    const server = createServer((_, response) => response.writeHead(307, { location }).end()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { code } = await run([...CALL, '--url', `http://127.0.0.1:${(server.address() as AddressInfo).port}`]);
    server.close();
    elsewhere.close();
    expect({ code, asked }).toEqual({ code: 1, asked: [] });
  });

  it.each([
    ['an unknown command', ['shw', '170', '1-1'], {}, /unknown command 'shw'\n\(Did you mean show\?\)/],
    ['an unknown option', [...CALL, '--jsn'], {}, /unknown option '--jsn'\n\(Did you mean --json\?\)/],
    ['no call ID', ['show', '170'], {}, /Give the call ID after the VDN: call-trace show 170 1749974400-11\./],
    [
      'the call ID first',
      ['show', '1749974400-11', '170'],
      {},
      /The VDN comes first, a number from 1 to 5000, then the call ID/,
    ],
    ['a call ID that is none', ['show', '170', 'ü'], {}, /A call ID is 1 to 64 printable ASCII characters/],
    [
      'an unknown output',
      [...CALL, '-o', 'xml'],
      {},
      /Allowed choices are text, markdown, mermaid, csv, json, ndjson\./,
    ],
    [
      'outputs that exclude each other',
      [...CALL, '--json', '--quiet'],
      {},
      /'--json' cannot be used with option '--quiet'/,
    ],
    [
      'an unknown zone',
      [...CALL, '-z', 'Mars'],
      {},
      /Give the IANA name of a time zone, such as Asia\/Shanghai or UTC\./,
    ],
    ['an unknown language', [...CALL, '-l', 'de'], {}, /Allowed choices are en, zh\./],
    ['a month that is none', [...CALL, '--month', '2025-13'], {}, /Give the month as YYYY-MM, such as 2025-06\./],
    ['too few columns', [...CALL, '--width', '5'], {}, /Give a number from 20 to 1000\./],
    ['a call without a month', ['show', '170', 'abc'], {}, /Give the month of the call: --month YYYY-MM\./],
    ['a URL that is none', [...CALL, '--url', 'localhost'], {}, /must begin with http:\/\/ or https:\/\//],
    [
      'a URL with a password',
      [...CALL, '--url', `http://me:${WRONG_KEY}@localhost`],
      {},
      /must hold no name and no password/,
    ],
    [
      'a key of two lines',
      CALL,
      { CALL_TRACE_API_KEY: `${WRONG_KEY}\n${WRONG_KEY}` },
      /CALL_TRACE_API_KEY holds is no key/,
    ],
    ['two credentials', CALL, { CALL_TRACE_TOKEN: WRONG_KEY }, /both set: unset one of them/],
    [
      'a file that is not there',
      [...CALL, '--api-key-file', '/nowhere'],
      {},
      /The file \/nowhere of --api-key-file cannot be read \(ENOENT\)/,
    ],
    ['several calls to follow', ['show', '-', '--follow'], {}, /--follow takes one call/],
    ['several calls as text', ['show', '-', '-o', 'csv'], {}, /calls are written as NDJSON/],
    ['an unknown dictionary', ['codes', 'reasons'], {}, /Allowed choices are media-type, /],
    ['several links', ['open', '-', '1-1'], {}, /open takes one call/],
    ['nothing', [], {}, /^Examples:/],
  ])('exits with 2 for %s, and says what to give', async (_, args, env, message) => {
    const { code, stdout, stderr } = await run(args, env);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it('exits with 3 for a call that is not found', async () => {
    const { code, stdout, stderr } = await run(['show', '170', '1749974400-404']);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toBe(
      'The contact centre knows no call 1749974400-404 of VDN 170. Check both, or give another --month.\n',
    );
  });

  it.each([
    ['a wrong key', CALL, { CALL_TRACE_API_KEY: WRONG_KEY }],
    ['a wrong token', CALL, { CALL_TRACE_API_KEY: '', CALL_TRACE_TOKEN: WRONG_KEY }],
    ['no key', CALL, { CALL_TRACE_API_KEY: '' }],
    ['a VDN that the key may not see', ['show', '171', '1749974400-11'], {}],
    ['a dictionary without a key', ['codes', 'leave-reason'], { CALL_TRACE_API_KEY: '' }],
  ])('exits with 4 for %s', async (_, args, env) => {
    const { code, stdout, stderr } = await run(args, env);
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    expect(stderr).toMatch(/^error: .*\((UNAUTHENTICATED|FORBIDDEN), request [\w-]+\)\n/);
  });

  it('exits with 5 where the gateway is not there', async () => {
    const { code, stderr } = await run([...CALL, '--url', 'http://127.0.0.1:9']);
    expect(code).toBe(5);
    expect(stderr).toMatch(/^error: The gateway at http:\/\/127\.0\.0\.1:9 cannot be reached \(.*\)\. Is it running\?/);
  });

  it('exits with 5 where the contact centre fails', async () => {
    gateway.simulator.configure({ fault: 'http-503' });
    const { code, stderr } = await run(['show', '170', '1749974401-2']);
    gateway.simulator.reset();
    expect(code).toBe(5);
    expect(stderr).toMatch(/\(UPSTREAM_UNAVAILABLE, request /);
  });

  it('exits with 6 for warnings about the records, if asked to', async () => {
    expect((await run(['show', '170', '1749974400-21'])).code).toBe(0);
    expect((await run(['show', '170', '1749974400-21', '--fail-on-findings'])).code).toBe(6);
    expect((await run([...CALL, '--fail-on-findings'])).code).toBe(0);
  });

  it('shows phone numbers as masked as the key has them', async () => {
    const { callerNo } = JSON.parse((await run([...CALL, '--json'])).stdout) as { callerNo: string };
    expect(callerNo).toMatch(/^\*{4}\d{4}$/);
  });
});
