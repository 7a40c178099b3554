import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestGateway, type TestGateway } from '../../support/gateway.js';
import { buildProgram, ENVIRONMENT, ESCAPE, startOnTerminal, type BuiltProgram, type Run } from './support.js';

describe('call-trace show -', () => {
  let gateway: TestGateway;
  let program: BuiltProgram;
  beforeAll(async () => {
    [gateway, program] = await Promise.all([startTestGateway(), buildProgram()]);
  });
  afterAll(async () => {
    program.remove();
    await gateway.close();
  });

  const show = (stdin: string, args: readonly string[] = []): Promise<Run> =>
    program.run(['show', '-', ...args], { stdin, env: { ...ENVIRONMENT, CALL_TRACE_URL: gateway.url } });
  const parsed = ({ stdout }: Run): Record<string, unknown>[] =>
    stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  it('writes a line for each call, in order, over several questions', async () => {
    const callIds = Array.from({ length: 45 }, (_, index) => `1700000${100 + index}-2`);
    const run = await show(callIds.map((callId) => `170,${callId}`).join('\n'));
    expect(parsed(run).map(({ callId }) => callId)).toEqual(callIds);
    expect(new Set(parsed(run).map(({ __typename }) => __typename))).toEqual(new Set(['Call']));
    expect({ code: run.code, stderr: run.stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('takes a header, empty lines, quotes, months and either end of line', async () => {
    const run = await show('vdn,callId,month\r\n170,1749974400-11\r\n\r\n"170","1678978542-92",2021-03\n');
    expect(parsed(run).map(({ vdn, callId, month }) => ({ vdn, callId, month }))).toEqual([
      { vdn: 170, callId: '1749974400-11', month: '2025-06' },
      { vdn: 170, callId: '1678978542-92', month: '2021-03' },
    ]);
    expect(run.code).toBe(0);
  });

  it('says which lines name no call, answers the others, and exits with 2', async () => {
    const run = await show('170,1749974400-11\n0,1749974400-11\n170\n170,1749974400-4,2025-13\n170,1749974400-1');
    expect(parsed(run).map(({ callId }) => callId)).toEqual(['1749974400-11', '1749974400-1']);
    expect(run.stderr).toBe(
      [
        'Line 2 of standard input: the VDN, which comes first, must be a number from 1 to 5000.',
        'Line 3 of standard input: give vdn,callId or vdn,callId,month, such as 170,1749974400-11.',
        'Line 4 of standard input: the month must be YYYY-MM, such as 2025-06.',
        '',
      ].join('\n'),
    );
    expect(run.code).toBe(2);
  });

  it.each([
    ['one is not found', ['1749974400-404', '1749974400-11'], [], 3],
    ['the gateway refuses one', ['no-time-in-it', '1749974400-404'], [], 2],
    ['one raises warnings', ['1749974400-21', '1749974400-11'], ['--fail-on-findings'], 6],
    ['one raises warnings and none was asked about', ['1749974400-21'], [], 0],
  ])('exits with the worst of all where %s', async (_, callIds, args, code) => {
    const run = await show(callIds.map((callId) => `170,${callId}\n`).join(''), args);
    expect(parsed(run)).toHaveLength(callIds.length);
    expect(run.code).toBe(code);
  });

  it('counts on a terminal while the calls go elsewhere', async () => {
    const lines = '170,1749974400-11\\n170,1749974400-4\\n';
    const { stdout } = await startOnTerminal(`printf '${lines}' | ${program.path} show - | wc -l`, 80, {
      CALL_TRACE_URL: gateway.url,
    }).ended;
    expect(stdout.replaceAll('\r\n', '\n').replace(/ +(?=2\n$)/, '')).toBe(`\r${ESCAPE}[K2 calls\n2\n`);
  });

  it('answers what has come, and waits for more', async () => {
    const env = { ...ENVIRONMENT, CALL_TRACE_URL: gateway.url };
    const running = program.start(['show', '-'], { stdin: { open: true }, env });
    running.write('170,1749974400-11\n170,17499');
    await running.printed((stdout) => stdout.includes('\n'));
    running.write('74400-4\n');
    running.endInput();
    expect(parsed(await running.ended).map(({ callId }) => callId)).toEqual(['1749974400-11', '1749974400-4']);
  });
});
