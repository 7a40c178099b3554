import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import stringWidth from 'fast-string-width';
import { startTestGateway, type TestGateway } from '../../support/gateway.js';
import { buildProgram, ENVIRONMENT, ESCAPE, startOnTerminal, type BuiltProgram, type Run } from './support.js';

/** Stories of the simulator, by the number of their call ID. */
const STORIES: Readonly<Record<string, number>> = {
  'abandoned-in-queue': 4,
  'supervised-transfer-to-queue': 10,
  'attended-transfer': 11,
  'three-party-help-then-conference': 13,
  'customer-hangs-up-on-hold': 14,
  'outbound-not-answered': 16,
  'damaged-trace': 21,
};

/** What turns colours on and off. */
const COLOURS = new RegExp(`${ESCAPE}\\[\\d+m`, 'g');

describe('call-trace show', () => {
  let gateway: TestGateway;
  let program: BuiltProgram;
  beforeAll(async () => {
    [gateway, program] = await Promise.all([startTestGateway(), buildProgram()]);
  });
  afterAll(async () => {
    program.remove();
    await gateway.close();
  });

  const show = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Run> =>
    program.run(['show', ...args], { env: { ...ENVIRONMENT, CALL_TRACE_URL: gateway.url, ...env } });
  const ATTENDED = ['170', '1749974400-11'];

  describe.each(Object.entries(STORIES))('draws %s', (story, number) => {
    it.each([
      [100, 'en'],
      [100, 'zh'],
      [40, 'en'],
      [40, 'zh'],
    ])('in %i columns, %s, as it was read by eye', async (columns, language) => {
      const { code, stdout, stderr } = await show([
        '170',
        `1749974400-${number}`,
        ...['--width', String(columns), '--lang', language, '--story'],
      ]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const golden = new URL(`pictures/${story}.${columns}.${language}.txt`, import.meta.url);
      expect(stdout).toBe(readFileSync(golden, 'utf8'));
      expect(stdout.split('\n').filter((line) => stringWidth(line) > columns)).toEqual([]);
    });
  });

  it.each(['README.md', 'docs/command-line.md'])('draws what %s shows', async (page) => {
    const [, shown] = /```text\n([^]*?)```/.exec(readFileSync(page, 'utf8')) ?? [];
    expect((await show(ATTENDED)).stdout).toBe(shown);
  });

  it('keeps 400 legs within the columns, a row for each', async () => {
    const { stdout } = await show(['170', '1700000000-12', '--width', '80']);
    const lines = stdout.split('\n');
    expect(lines.filter((line) => /^ *\d+ (menu|queue|agent) /.test(line))).toHaveLength(400);
    expect(lines.filter((line) => stringWidth(line) > 80)).toEqual([]);
  });

  it.each([
    ['markdown', 'MARKDOWN'],
    ['mermaid', 'MERMAID'],
    ['csv', 'CSV'],
  ])('writes %s as the graph does', async (output, form) => {
    const { stdout } = await show([...ATTENDED, '-o', output, '-l', 'zh']);
    const { body } = await gateway.query(
      `{ call(vdn: 170, callId: "1749974400-11") { text(as: ${form}, language: ZH, timeZone: "Asia/Shanghai") } }`,
    );
    const text = (body.data?.['call'] as { text: string }).text;
    expect(stdout).toBe(text.endsWith('\n') ? text : `${text}\n`);
  });

  it('writes JSON as the object of the graph, and NDJSON as the same in one line', async () => {
    const pretty = (await show([...ATTENDED, '--json'])).stdout;
    const line = (await show([...ATTENDED, '-o', 'ndjson'])).stdout;
    const call = JSON.parse(pretty) as Record<string, unknown>;
    expect(call).toMatchObject({ vdn: 170, callId: '1749974400-11', verdict: 'ANSWERED', endedBy: 'AGENT' });
    expect(call['legs']).toHaveLength(5);
    expect(pretty.split('\n').length).toBeGreaterThan(100);
    const withoutAge = (text: string): string => text.replace(/"ageMs": ?\d+/, '').replace(/\s/g, '');
    expect(withoutAge(line)).toBe(withoutAge(JSON.stringify(call)));
    expect(line.split('\n')).toHaveLength(2);
  });

  it('writes one line with --quiet', async () => {
    const { stdout } = await show([...ATTENDED, '--quiet', '-z', 'UTC']);
    expect(stdout).toBe(
      'Answered after 14 s by agent 2001, who handed over to agent 2002; agent 2002 ended the call. 15 Jun 2025, 08:00:00–08:03:59 (UTC).\n',
    );
  });

  it.each([
    ['the machine’s', { TZ: 'America/New_York' }, '04:00:00–04:03:59 (UTC-4)'],
    ['Shanghai', { TZ: 'Asia/Shanghai' }, '16:00:00–16:03:59 (UTC+8)'],
  ])('tells times in the zone of %s', async (_, env, times) => {
    expect((await show([...ATTENDED, '--quiet'], env)).stdout).toContain(times);
  });

  it.each([
    [{ LANG: 'zh_CN.UTF-8' }, '座席'],
    [{ LANG: 'zh_CN.UTF-8', LC_ALL: 'en_US.UTF-8' }, 'agent'],
    [{ LANG: 'de_DE.UTF-8' }, 'agent'],
  ])('speaks the language of the locale %j', async (env, word) => {
    expect((await show([...ATTENDED], env)).stdout).toContain(word);
  });

  it.each([
    ['--ascii says so', ['--ascii'], {}],
    ['the locale is not UTF-8', [], { LANG: 'C' }],
    ['there is no locale', [], { LANG: '' }],
  ])('draws with ASCII alone where %s', async (_, args, env) => {
    const { stdout } = await show([...ATTENDED, ...args], env);
    expect(stdout).toMatch(/agent 2001 +~#+=+ +ring 4 s \| talk 1:00 \| hold 35 s/);
    expect(stdout).toMatch(/^[\n -~]+$/);
  });

  it.each([
    ['none in a pipe', [], {}, false],
    ['some if always', ['--color', 'always'], { NO_COLOR: '1' }, true],
    ['some if forced', [], { FORCE_COLOR: '1' }, true],
    ['none if FORCE_COLOR is 0', [], { FORCE_COLOR: '0' }, false],
  ])('writes colours: %s', async (_, args, env, isColoured) => {
    expect((await show([...ATTENDED, ...args], env)).stdout.includes('\u001b[32m')).toBe(isColoured);
  });

  it.each([
    ['in colour', {}, true],
    ['without with NO_COLOR', { NO_COLOR: '1' }, false],
    ['without where it is dumb', { TERM: 'dumb' }, false],
  ])('fills a terminal: %s', async (_, env, isColoured) => {
    const { code, stdout } = await startOnTerminal(`${program.path} show ${ATTENDED.join(' ')}`, 72, {
      CALL_TRACE_URL: gateway.url,
      ...env,
    }).ended;
    expect(code).toBe(0);
    expect(stdout.includes('\u001b[')).toBe(isColoured);
    const shown = stdout.replace(COLOURS, '').replaceAll('\r', '');
    expect(shown).toBe((await show([...ATTENDED, '--width', '72'])).stdout);
  });

  it('ends quietly when its reader has read enough', async () => {
    const { stdout } = await startOnTerminal(
      `bash -c '${program.path} show 170 1700000000-12 | head -1; echo "exit \${PIPESTATUS[0]}"'`,
      100,
      { CALL_TRACE_URL: gateway.url },
    ).ended;
    expect(stdout).toBe('Call 1700000000-12 · VDN 170 · 25:38\r\nexit 0\r\n');
  });
});
