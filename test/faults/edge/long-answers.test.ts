import { afterEach, describe, expect, it } from '@jest/globals';
import { LEGS_ON_REQUEST } from '../../../simulator/scenarios.js';
import { eventually } from '../../cache/redis/support/eventually.js';
import { startTestGateway, type TestGateway } from '../../support/gateway.js';
import { connectRaw } from '../../support/raw.js';

const LEG = 'deviceNo deviceIn callerNo calleeNo waitBegin ackBegin callBegin callEnd enterReason leaveReason';

/** Asks for 20 fields of each leg: 620 bytes. */
function documentFor(legs: number): string {
  return `{ call(vdn: 170, callId: "1736000000-${LEGS_ON_REQUEST + legs}") { a: legs { ${LEG} } b: legs { ${LEG} } } }`;
}

const open: TestGateway[] = [];
afterEach(async () => {
  for (const gateway of open.splice(0)) await gateway.close();
});

async function start(settings: Readonly<Record<string, string>> = {}): Promise<TestGateway> {
  const gateway = await startTestGateway(settings);
  open.push(gateway);
  return gateway;
}

describe('a client that pipelines requests for long answers', () => {
  const REQUESTS = 100;
  const DOCUMENT = documentFor(400);
  const request = (headers = ''): string => {
    const body = JSON.stringify({ query: DOCUMENT });
    return `POST /graphql HTTP/1.1\r\nhost: x\r\naccept: */*\r\n${headers}content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  };
  const bytesOutside = (): number => {
    globalThis.gc?.();
    return process.memoryUsage().arrayBuffers;
  };

  it('holds the bytes of one answer if it does not read, and gets all of them in order if it does', async () => {
    const gateway = await start();
    for (let times = 0; times < 3; times += 1) expect((await gateway.query(DOCUMENT)).body.errors).toBeUndefined();
    const answered = (): number => gateway.logLines.filter((line) => line.includes('phone numbers were shown')).length;
    const [before, answeredBefore] = [bytesOutside(), answered()];
    const connection = await connectRaw(gateway.url);
    connection.socket.pause();
    connection.socket.write(request().repeat(REQUESTS - 1) + request('connection: close\r\n'));
    await eventually('all are answered', () => answered() === answeredBefore + REQUESTS);
    await gateway.query('{ __typename }'); // its answer is sent after all that are ready to be sent
    expect(bytesOutside() - before).toBeLessThan(8_000_000); // all would be 25 MB
    connection.socket.resume();
    expect((await connection.closed()).split('HTTP/1.1 200')).toHaveLength(REQUESTS + 1);
  });
});

describe('an answer that is completed for longer than its deadline', () => {
  it('ends with UPSTREAM_TIMEOUT at its call', async () => {
    const gateway = await start({ FAST_PATH: 'false' });
    const late = await gateway.query(documentFor(2_000), {}, { 'x-deadline-ms': '100' });
    expect(late.body.errors).toMatchObject([{ path: ['call'], extensions: { code: 'UPSTREAM_TIMEOUT' } }]);
    const { body } = await gateway.query('{ __typename }');
    expect(body).toMatchObject({ data: { __typename: 'Query' } });
  });
});
