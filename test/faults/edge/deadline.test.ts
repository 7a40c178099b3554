import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newCallId, startTestGateway, type TestGateway } from '../../support/gateway.js';

describe("a client's own deadline", () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({ REQUEST_DEADLINE_MS: '20000', CMS_ATTEMPT_TIMEOUT_MS: '20000' });
  });
  afterAll(() => gateway.close());
  const ask = (deadline: string, callId = newCallId()) =>
    gateway.query(`{ call(vdn: 170, callId: "${callId}") { id } }`, {}, { 'x-deadline-ms': deadline });

  it('ends an operation sooner than the gateway would', async () => {
    gateway.simulator.configure({ capacity: 0 });
    const startedAt = performance.now();
    const { body } = await ask('150');
    gateway.simulator.configure({ capacity: Infinity });
    expect(body.errors).toMatchObject([{ extensions: { code: 'UPSTREAM_TIMEOUT', retryable: true } }]);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });

  it('lets an operation be answered that needs less', async () => {
    expect((await ask('20000')).body.data).toMatchObject({ call: { id: expect.any(String) } });
  });

  it.each(['99', '20001', '1e3', '-500', '150.5', '', 'soon'])(
    'is refused, with the range, if it is %j',
    async (deadline) => {
      const callId = newCallId();
      const { status, body } = await ask(deadline, callId);
      expect(status).toBe(400);
      expect(body.errors).toMatchObject([
        { message: 'X-Deadline-Ms must be an integer from 100 to 20000', extensions: { code: 'BAD_REQUEST' } },
      ]);
      expect(gateway.simulator.countOf(callId)).toBe(0);
    },
  );
});
