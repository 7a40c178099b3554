import { afterEach, describe, expect, it } from '@jest/globals';
import { startTestGateway, type TestGateway } from '../../support/gateway.js';

let gateway: TestGateway;
afterEach(() => gateway.close());

describe('the name of an operation', () => {
  it.each(['Tel_138_001_380_00', 'a4917012345678', 'Tel1_3_8_0', 'T1a3b8c0', 'Leg_13_80__calls__0'])(
    'is in no metric and in no line of the log if its digits may be a phone number, whatever stands between them: %s',
    async (name) => {
      gateway = await startTestGateway();
      expect((await gateway.query(`query ${name} { __typename }`)).status).toBe(200);
      const metrics = await (await fetch(`${gateway.adminUrl}/metrics`)).text();
      expect(metrics).toContain('calltrace_operations_total{kind="query",name="other",outcome="ok"} 1\n');
      expect(metrics).not.toContain(name.split('__')[0]);
      expect(gateway.logLines.filter((line) => line.includes('"operation":"other"'))).toHaveLength(1);
      expect(gateway.logLines.join('\n')).not.toContain(name.split('__')[0]);
    },
  );

  it('is known with up to three digits', async () => {
    gateway = await startTestGateway();
    await gateway.query('query Top_10_of_5 { __typename }');
    const metrics = await (await fetch(`${gateway.adminUrl}/metrics`)).text();
    expect(metrics).toContain('calltrace_operations_total{kind="query",name="Top_10_of_5",outcome="ok"} 1\n');
  });
});
