import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestGateway, type TestGateway } from '../../support/gateway.js';
import { buildProgram, ENVIRONMENT, ESCAPE, startOnTerminal, startCommand, type BuiltProgram } from './support.js';

const HOUR_MS = 3_600_000;
/** The number of a call that is in progress whenever it is asked for. */
const NEVER_ENDS = 10;

describe('call-trace show --follow', () => {
  let gateway: TestGateway;
  let program: BuiltProgram;
  let aheadMs = 0;
  beforeAll(async () => {
    const clock = { wall: () => Date.now() + aheadMs, monotonic: () => performance.now() + aheadMs };
    const settings = { CACHE_OPEN_TTL_SECONDS: '1' };
    [gateway, program] = await Promise.all([startTestGateway(settings, {}, clock), buildProgram()]);
  });
  afterAll(async () => {
    program.remove();
    await gateway.close();
  });

  /** A call that began a minute ago; the number chooses its story. */
  const recentCall = (number: number) => `${Math.floor((Date.now() + aheadMs) / 1000) - 60}-${number}`;
  const env = () => ({ ...ENVIRONMENT, CALL_TRACE_URL: gateway.url });

  it('shows a call as it goes on, and ends once it is over', async () => {
    const running = program.start(['show', '170', recentCall(2), '--follow', '-o', 'ndjson'], { env: env() });
    await running.printed((stdout) => stdout.includes('\n'));
    aheadMs = HOUR_MS;
    const { code, stdout } = await running.ended;
    const verdicts = stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => (JSON.parse(line) as { verdict: string }).verdict);
    expect(code).toBe(0);
    expect(verdicts.length).toBeGreaterThan(1);
    expect(new Set(verdicts.slice(0, -1))).toEqual(new Set(['IN_PROGRESS']));
    expect(verdicts.at(-1)).not.toBe('IN_PROGRESS');
  });

  it('asks again where the gateway cannot ask the contact centre, and says so', async () => {
    gateway.simulator.configure({ fault: 'http-503', faultCount: 1 });
    const { code, stdout, stderr } = await program.run(['show', '170', '1700000200-2', '--follow'], { env: env() });
    gateway.simulator.reset();
    expect(code).toBe(0);
    expect(stdout).toContain('agent');
    expect(stderr).toMatch(/UPSTREAM_UNAVAILABLE, request .*\nAsks again in \d+ s\.\n$/);
  });

  it('draws in place on a terminal', async () => {
    const erased = new RegExp(`${ESCAPE}\\[\\d+A${ESCAPE}\\[0J[^]*VDN 170`);
    const command = `${program.path} show 170 ${recentCall(NEVER_ENDS)} --follow`;
    const running = startOnTerminal(command, 100, env());
    await running.printed((stdout) => erased.test(stdout));
    process.kill(running.pid, 'SIGTERM'); // the terminal goes, and with it what runs there
    expect((await running.ended).stdout).toMatch(erased);
  });

  it('ends with 130 when it is interrupted', async () => {
    const running = startCommand(program.path, ['show', '170', recentCall(NEVER_ENDS), '--follow'], { env: env() });
    await running.printed((stdout) => stdout.includes('VDN 170'));
    process.kill(running.pid, 'SIGINT');
    expect((await running.ended).code).toBe(130);
  });
});
