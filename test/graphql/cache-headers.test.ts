import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { send } from '../support/client.js';
import { NEVER_FOUND, newCallId, startTestGateway, type TestGateway } from '../support/gateway.js';

describe('an answer to a GET', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  beforeEach(() => gateway.simulator.reset());
  afterAll(() => gateway.close());

  const get = (query: string) =>
    send(`${gateway.url}/graphql?${new URLSearchParams({ query }).toString()}`, {
      headers: { 'apollo-require-preflight': 'true' },
    });
  const call = (callId: string) => `call(vdn: 170, callId: "${callId}") { complete }`;

  it.each([
    ['a settled call as long as CACHE_FINAL_TTL_SECONDS', newCallId(), 604_800],
    ['a call in progress as long as CACHE_OPEN_TTL_SECONDS', callInProgress(), 10],
    ['a call not found as long as CACHE_EMPTY_TTL_SECONDS', callBegunAgo(600, NEVER_FOUND), 30],
    ['a call not found no longer than a tenth of its age', callBegunAgo(105, NEVER_FOUND), 10],
    ['a call not found in a month long over as long as a settled one', newCallId(NEVER_FOUND), 604_800],
    ['a call in progress that gave no sign of life for long, once a day', newCallId(10), 86_400],
  ])('may be kept by the client: %s', async (_, callId, seconds) => {
    const { headers } = await get(`{ ${call(callId)} }`);
    expect(headers.get('cache-control')).toBe(`private, max-age=${seconds}`);
    expect(Number(headers.get('age'))).toBeLessThan(5);
  });

  it('is as fresh as the least fresh call in it', async () => {
    const { headers } = await get(`{ a: ${call(newCallId())} b: ${call(callInProgress())} }`);
    expect(headers.get('cache-control')).toBe('private, max-age=10');
  });

  it('is not kept if anything failed', async () => {
    const failing = newCallId();
    gateway.simulator.configure({ fault: 'http-500', faultCallIds: [failing] });
    const { headers } = await get(`{ a: ${call(newCallId())} b: ${call(failing)} }`);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('age')).toBeNull();
  });

  it('is not kept if there is no call in it', async () => {
    expect((await get('{ codes(table: MEDIA_TYPE) { code } }')).headers.get('cache-control')).toBe('no-store');
  });

  it('is not kept if it was asked for by POST', async () => {
    expect((await gateway.query(`{ ${call(newCallId())} }`)).headers.get('cache-control')).toBe('no-store');
  });
});

/** A call that goes on, and gave a sign of life within the day. */
function callInProgress(): string {
  return callBegunAgo(120, 10);
}

/** A call of that number which began so long ago by its ID. Unit: seconds. */
function callBegunAgo(seconds: number, number: number): string {
  return `${Math.floor(Date.now() / 1000) - seconds}-${number}`;
}
