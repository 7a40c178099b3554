import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FaultName } from '../../simulator/simulator.js';
import { send } from '../support/client.js';
import {
  ACCESS_KEY,
  NEVER_FOUND,
  newCallId,
  SECRET_KEY,
  startTestGateway,
  type TestGateway,
} from '../support/gateway.js';

/** Faults of every kind; refused signatures come last, for they may silence the gateway. */
const FAULTS: readonly FaultName[] = [
  'reset',
  'redirect',
  'http-429',
  'http-500',
  'http-502',
  'result-0100001',
  'result-0100002',
  'desc-string',
  'html-200',
  'truncated-json',
  'wrong-types',
  'missing-fields',
  'other-call',
  'other-vdn',
  'empty-body',
  'http-418',
  'http-403-html',
  'http-403-json',
  'http-401',
];

/** A word that stands in every operation below, if not as its name, and would stand in every log line that quoted one. */
const MARK = 'quotedOperation';

describe('the log', () => {
  let gateway: TestGateway;
  /** Every phone number that an answer held. */
  const phoneNumbers = new Set<string>();
  let requests = 0;

  const ask = (callId: string, extra = '') => {
    requests += 1;
    return gateway.query(
      `query ($callId: ID!) {
        ${MARK}: call(vdn: 170, callId: $callId${extra}) { callerNo calleeNo legs { callerNo calleeNo } }
      }`,
      { callId },
    );
  };

  beforeAll(async () => {
    gateway = await startTestGateway({ LOG_LEVEL: 'trace', CMS_MAX_RETRIES: '1' });
    for (let number = 1; number <= 12; number++) {
      const { body } = await ask(newCallId(number));
      const call = body.data?.[MARK] as { callerNo: string; calleeNo: string };
      phoneNumbers.add(call.callerNo).add(call.calleeNo);
    }
    await ask(newCallId(NEVER_FOUND));
    await ask(newCallId(), ', month: "2021-13"');
    await ask(newCallId(), ', nonsense: 1');
    for (const fault of FAULTS) {
      gateway.simulator.configure({ fault });
      await ask(newCallId());
    }
    const refused = [
      send(`${gateway.url}/graphql?query={${MARK}}`),
      send(`${gateway.url}/graphql`, { method: 'POST', body: `{${MARK}` }),
      send(`${gateway.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: MARK }),
      gateway.query(`{ ${MARK}`),
    ];
    requests += refused.length;
    await Promise.all(refused);
  });
  afterAll(() => gateway.close());

  it('has a line for every request, with its ID, status and duration', () => {
    const lines = gateway.logLines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const ofRequests = lines.filter((line) => line['msg'] === 'request');
    expect(ofRequests).toHaveLength(requests);
    for (const line of ofRequests) {
      expect(line).toMatchObject({
        requestId: expect.any(String),
        method: expect.stringMatching(/^(GET|POST)$/),
        path: '/graphql',
        status: expect.any(Number),
        ms: expect.any(Number),
      });
    }
  });

  it('holds no phone number', () => {
    expect(phoneNumbers.size).toBeGreaterThan(12);
    for (const number of phoneNumbers) expect(gateway.logLines.filter((line) => line.includes(number))).toEqual([]);
  });

  it('holds no key and no signature', () => {
    const signatures = gateway.simulator.requests.flatMap(({ headers }) => headers['authorization']?.split('/') ?? []);
    const secrets = new Set([ACCESS_KEY, SECRET_KEY, 'auth-v2', ...signatures.filter((part) => part.length === 64)]);
    expect(secrets.size).toBeGreaterThan(20);
    for (const secret of secrets) expect(gateway.logLines.filter((line) => line.includes(secret))).toEqual([]);
  });

  it('quotes no operation', () => {
    expect(gateway.logLines.filter((line) => line.includes(MARK))).toEqual([]);
  });
});
