import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../cache/redis/support/eventually.js';
import { newCallId } from '../support/gateway.js';
import { createEstate, outcomeOf, type EstateGateway } from '../upstream/support/estate.js';
import { startReplyServer } from '../upstream/support/reply-server.js';
import { askLeavably, newCallIds, oneByOne } from './support/clients.js';
import { createShiftedClock } from './support/shifted-clock.js';

const estate = createEstate();
afterEach(estate.close);

async function stateOf(gateway: EstateGateway): Promise<string | undefined> {
  return (await gateway.readiness()).upstream.endpoints[0]?.state;
}

const NOT_FOUND = JSON.stringify({ resultCode: '0100000', resultDesc: [] });

describe('an address of the contact centre', () => {
  it('is left alone after five failures in a row, not after as many with answers between them', async () => {
    const simulator = await estate.startCentre();
    const gateway = await estate.openGateway(simulator);
    for (let n = 0; n < 8; n += 1) {
      simulator.configure({ fault: 'http-503' });
      expect(await oneByOne(gateway, newCallIds(1))).toEqual(['UPSTREAM_UNAVAILABLE']);
      simulator.configure({ fault: 'result-0100002' }); // an answer, though not a trace
      expect(await oneByOne(gateway, newCallIds(10))).toEqual(Array(10).fill('UPSTREAM_REJECTED'));
    }
    expect(simulator.total).toBe(88);
    expect(await stateOf(gateway)).toBe('UP');
    simulator.configure({ fault: 'http-503' });
    await oneByOne(gateway, newCallIds(10));
    expect(simulator.total).toBe(93);
    expect(await stateOf(gateway)).toBe('DOWN');
  });

  it('is up again once a probe is answered, though the client of the probe has left', async () => {
    let answer = (response: ServerResponse): unknown => response.writeHead(503).end();
    const centre = await startReplyServer((response) => void answer(response));
    try {
      const clock = createShiftedClock();
      const gateway = await estate.openGateway(centre, { clock });
      await oneByOne(gateway, newCallIds(5));
      expect(await stateOf(gateway)).toBe('DOWN');
      let pending: ServerResponse | undefined;
      answer = (response) => (pending = response);
      clock.advance(10_000);
      const client = askLeavably(gateway, newCallId());
      await eventually('the probe arrives', () => pending !== undefined);
      await client.leave();
      answer = (response) => response.end(NOT_FOUND);
      pending?.end(NOT_FOUND);
      await eventually('it is up', async () => (await stateOf(gateway)) === 'UP', 5_000);
      expect(centre.requests).toHaveLength(6);
    } finally {
      await estate.close();
      await centre.close();
    }
  });

  it('is found to be up again though nobody asks', async () => {
    const simulator = await estate.startCentre();
    simulator.configure({ fault: 'http-503' });
    const gateway = await estate.openGateway(simulator);
    await oneByOne(gateway, newCallIds(5));
    expect(await stateOf(gateway)).toBe('DOWN');
    simulator.configure({ fault: null });
    await eventually('it is up', async () => (await stateOf(gateway)) === 'UP', 10_000);
    expect(simulator.total).toBe(5);
  });
});

describe('a contact centre that asks for a pause', () => {
  it('is sent nothing before that is over, whoever asks, and then answers those who have waited', async () => {
    const simulator = await estate.startCentre();
    const gateway = await estate.openGateway(simulator);
    await oneByOne(gateway, newCallIds(1));
    simulator.configure({ fault: 'http-429', retryAfter: '1', faultCount: 1 });
    expect(await oneByOne(gateway, newCallIds(1))).toEqual(['UPSTREAM_UNAVAILABLE']);
    const answers = await Promise.all([gateway.calls(newCallIds(20)), gateway.calls(newCallIds(20), 171)]);
    expect(new Set(answers.flat().map(outcomeOf))).toEqual(new Set(['UPSTREAM']));
    const [, refused, ...others] = simulator.requests.map(({ receivedAt }) => receivedAt);
    expect(others).toHaveLength(40);
    expect(Math.min(...others) - (refused ?? 0)).toBeGreaterThanOrEqual(950); // its Retry-After, less what the network takes
  });

  it('is told of at once to those who cannot wait so long', async () => {
    const simulator = await estate.startCentre();
    const gateway = await estate.openGateway(simulator, {
      env: { REQUEST_DEADLINE_MS: '5000', CMS_ATTEMPT_TIMEOUT_MS: '1000' },
    });
    simulator.configure({ fault: 'http-429', retryAfter: '30', faultCount: 1 });
    await oneByOne(gateway, newCallIds(1));
    const startedAt = performance.now();
    for (const answer of await gateway.calls(newCallIds(40))) {
      const retryAfterMs = expect.any(Number) as unknown;
      expect(answer).toMatchObject({ extensions: { code: 'UPSTREAM_UNAVAILABLE', retryable: true, retryAfterMs } });
    }
    expect(performance.now() - startedAt).toBeLessThan(4_000);
    expect(simulator.total).toBe(1);
  });
});
