import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestGateway, type TestGateway } from '../../support/gateway.js';
import { buildProgram, ENVIRONMENT, ESCAPE, runOnTerminal, startCommand, type BuiltProgram } from './support.js';

/** Since when the calls of these tests have been told. Unit: s since 1970-01-01 UTC. */
const START_SECONDS = Math.floor(Date.now() / 1000) - 60;
const HOUR_MS = 3_600_000;

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

  const env = () => ({ ...ENVIRONMENT, CALL_TRACE_URL: gateway.url });

  it('shows a call as it goes on, and ends once it is over', async () => {
    const running = program.start(['show', '170', `${START_SECONDS}-2`, '--follow', '-o', 'ndjson'], { env: env() });
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
    aheadMs = 0;
    const callId = `${START_SECONDS}-10`; // never ends
    const shown = runOnTerminal(`timeout --signal INT 6 ${program.path} show 170 ${callId} --follow`, 100, env());
    const { stdout } = await shown;
    expect(stdout).toMatch(new RegExp(`${ESCAPE}\\[\\d+A${ESCAPE}\\[0J`));
  });

  it('ends with 130 when it is interrupted', async () => {
    const running = startCommand(program.path, ['show', '170', `${START_SECONDS}-10`, '--follow'], { env: env() });
    await running.printed((stdout) => stdout.includes('VDN 170'));
    process.kill(running.pid, 'SIGINT');
    expect((await running.ended).code).toBe(130);
  });
});
