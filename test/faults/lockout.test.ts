import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../cache/redis/support/eventually.js';
import { newCallId } from '../support/gateway.js';
import { createEstate } from '../upstream/support/estate.js';
import { startReplyServer } from '../upstream/support/reply-server.js';
import { askLeavably, newCallIds, oneByOne, warnings } from './support/clients.js';

const estate = createEstate();
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await estate.close();
  for (const server of open.splice(0)) await server.close();
});

/** A contact centre that answers every request so. */
async function startCentre(answer: (response: ServerResponse) => void) {
  const centre = await startReplyServer(answer);
  open.push(centre);
  return centre;
}

const REFUSED = JSON.stringify({ resultCode: '0100005', resultDesc: 'signature' });

function refuse(response: ServerResponse): void {
  response.writeHead(401, { 'content-type': 'application/json' }).end(REFUSED);
}

const WAYS_TO_REFUSE: readonly (readonly [string, (response: ServerResponse) => void])[] = [
  [
    'is cut off',
    (response) => {
      response.writeHead(401, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{', () => response.destroy());
    },
  ],
  [
    'stalls',
    (response) => {
      response.writeHead(401, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{');
    },
  ],
  [
    'is not encoded as it says',
    (response) => response.writeHead(401, { 'content-encoding': 'gzip', 'content-type': 'application/json' }).end('{}'),
  ],
];

describe('a gateway whose key is wrong', () => {
  it.each(WAYS_TO_REFUSE)(
    'shows it no more often than it may where the body of the refusal %s, and says so once',
    async (_, answer) => {
      const centre = await startCentre(answer);
      const gateway = await estate.openGateway(centre, {
        env: { CMS_AUTH_FAILURES_MAX: '3', CMS_ATTEMPT_TIMEOUT_MS: '500' },
      });
      expect(await oneByOne(gateway, newCallIds(10))).toEqual(Array(10).fill('UPSTREAM_AUTH_FAILED'));
      expect(centre.requests).toHaveLength(3);
      expect(warnings(gateway).filter(({ msg }) => /refuses our signatures/.test(String(msg)))).toHaveLength(1);
    },
  );

  it('shows it no more often than it may where the clients leave before each refusal, and says so once', async () => {
    const pending: ServerResponse[] = [];
    const centre = await startCentre((response) => void pending.push(response));
    const gateway = await estate.openGateway(centre, { env: { CMS_AUTH_FAILURES_MAX: '3' } });
    for (let n = 0; n < 20; n += 1) {
      const before = centre.requests.length;
      const client = askLeavably(gateway, newCallId());
      await eventually('the question arrives or is refused', () => centre.requests.length > before || client.isOver);
      await client.leave();
      pending.splice(0).forEach(refuse);
    }
    expect(centre.requests).toHaveLength(3);
    expect(warnings(gateway).filter(({ msg }) => /refuses our signatures/.test(String(msg)))).toHaveLength(1);
  });

  it('shows it no more often than it may where the refusals come after the time limit', async () => {
    const pending: ServerResponse[] = [];
    const centre = await startCentre((response) => void pending.push(response));
    const gateway = await estate.openGateway(centre, {
      env: { CMS_AUTH_FAILURES_MAX: '3', CMS_ATTEMPT_TIMEOUT_MS: '200' },
    });
    const outcomes = new Set<string>();
    for (let n = 0; n < 20; n += 1) {
      (await oneByOne(gateway, newCallIds(1))).forEach((outcome) => outcomes.add(outcome));
      pending.splice(0).forEach(refuse);
    }
    expect(centre.requests).toHaveLength(3);
    expect([...outcomes]).toEqual(['UPSTREAM_TIMEOUT', 'UPSTREAM_UNAVAILABLE']);
    // Nobody has said that the key is wrong: it is not called refused, and the address not locked.
    expect((await gateway.readiness()).upstream.signature).toMatchObject({ state: 'NO_ANSWER' });
  });
});

describe('a gateway whose address is locked', () => {
  it('is told from one whose key is wrong: in the log, at /readyz, in the metrics and by the client', async () => {
    const locked = await estate.startCentre();
    locked.configure({ fault: 'http-403-json' });
    const refusing = await estate.startCentre();
    const seen = [];
    for (const [centre, key] of [
      [locked, 'demo-secret-key'],
      [refusing, 'wrong'],
    ] as const) {
      const gateway = await estate.openGateway(centre, { env: { CMS_SECRET_KEY: key } });
      await oneByOne(gateway, newCallIds(3));
      const [answer] = await gateway.calls(newCallIds(1));
      const { signature } = (await gateway.readiness()).upstream;
      const [line] = gateway.logLines.filter(({ level }) => level === 50);
      const outcomes = (await gateway.metrics()).match(/attempts_total\{outcome="\w+"\} [1-9]\d*/g);
      seen.push({ answer, signature, line, outcomes });
    }
    const probe = { nextProbeInMs: expect.any(Number) as unknown };
    expect(seen).toMatchObject([
      {
        answer: { message: expect.stringContaining('locked our address') as unknown },
        signature: { state: 'LOCKED', ...probe },
        line: { msg: expect.stringContaining('has locked this address (HTTP 403)') as unknown, ...probe },
        outcomes: ['attempts_total{outcome="address_locked"} 1'],
      },
      {
        answer: { message: expect.stringContaining('refused our signatures') as unknown },
        signature: { state: 'REFUSED', ...probe },
        line: { msg: expect.stringContaining('check the keys and the clock') as unknown, ...probe },
        outcomes: ['attempts_total{outcome="signature_refused"} 3'],
      },
    ]);
    expect(seen[0]?.line?.['msg']).not.toContain('keys');
  });
});
