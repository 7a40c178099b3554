import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../cache/redis/support/eventually.js';
import { ACCESS_KEY } from '../support/gateway.js';
import { openSharedRedis } from '../support/redis.js';
import { createEstate, outcomeOf, type EstateGateway } from '../upstream/support/estate.js';
import { startReplyServer } from '../upstream/support/reply-server.js';
import { wireRecord } from '../upstream/support/wire-record.js';
import { newCallIds, oneByOne, usesRedis } from './support/clients.js';
import { createShiftedClock } from './support/shifted-clock.js';

const estate = createEstate();
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await estate.close();
  for (const server of open.splice(0)) await server.close();
});

const TWO_HOURS_MS = 7_200_000;

async function endpointState(gateway: EstateGateway): Promise<string | undefined> {
  return (await gateway.readiness()).upstream.endpoints[0]?.state;
}

/** A contact centre that answers when it is told to: the trace of a call that is over. */
async function startHoldingCentre() {
  const pending: { readonly response: ServerResponse; readonly answer: () => void }[] = [];
  const centre = await startReplyServer((response, { body }) => {
    const { callId } = JSON.parse(body) as { callId: string };
    pending.push({ response, answer: () => void response.end(replyWith([wireRecord({ callId })])) });
  });
  open.push(centre);
  return { centre, pending };
}

describe('a gateway whose wall clock is set two hours back', () => {
  it('ends the pause after refused signatures in time', async () => {
    const simulator = await estate.startCentre();
    const clock = createShiftedClock();
    clock.setWallAhead(TWO_HOURS_MS);
    const gateway = await estate.openGateway(simulator, { clock, env: { CMS_SECRET_KEY: 'right soon' } });
    expect(await oneByOne(gateway, newCallIds(5))).toEqual(Array(5).fill('UPSTREAM_AUTH_FAILED'));
    simulator.configure({ accessKeys: { [ACCESS_KEY]: 'right soon' } });
    clock.setWallAhead(0);
    clock.advance(29_000);
    expect(await oneByOne(gateway, newCallIds(1))).toEqual(['UPSTREAM_AUTH_FAILED']);
    expect(simulator.total).toBe(3);
    clock.advance(1_000);
    expect(await oneByOne(gateway, newCallIds(3))).toEqual(['UPSTREAM', 'UPSTREAM', 'UPSTREAM']);
  });

  it('tries an address that was down in time', async () => {
    const simulator = await estate.startCentre();
    const clock = createShiftedClock();
    clock.setWallAhead(TWO_HOURS_MS);
    const gateway = await estate.openGateway(simulator, { clock });
    simulator.configure({ fault: 'http-503' });
    await oneByOne(gateway, newCallIds(5));
    expect(await endpointState(gateway)).toBe('DOWN');
    simulator.configure({ fault: null });
    clock.setWallAhead(0);
    clock.advance(10_000);
    expect(await oneByOne(gateway, newCallIds(3))).toEqual(['UPSTREAM', 'UPSTREAM', 'UPSTREAM']);
    expect(await endpointState(gateway)).toBe('UP');
  });
});

describe('a gateway whose wall clock is set two hours forward', () => {
  it('keeps the pause after refused signatures', async () => {
    const simulator = await estate.startCentre();
    const clock = createShiftedClock();
    const gateway = await estate.openGateway(simulator, { clock, env: { CMS_SECRET_KEY: 'wrong' } });
    await oneByOne(gateway, newCallIds(3));
    clock.setWallAhead(TWO_HOURS_MS);
    expect(await oneByOne(gateway, newCallIds(3))).toEqual(Array(3).fill('UPSTREAM_AUTH_FAILED'));
    expect(simulator.total).toBe(3);
  });

  it('keeps the pause of an address that was down', async () => {
    const simulator = await estate.startCentre();
    const clock = createShiftedClock();
    const gateway = await estate.openGateway(simulator, { clock });
    simulator.configure({ fault: 'http-503' });
    await oneByOne(gateway, newCallIds(5));
    clock.setWallAhead(TWO_HOURS_MS);
    expect(await oneByOne(gateway, newCallIds(1))).toEqual(['UPSTREAM_UNAVAILABLE']);
    expect(simulator.total).toBe(5);
  });

  it('keeps the proof of its key: as many requests go at once as before', async () => {
    const { centre, pending } = await startHoldingCentre();
    const clock = createShiftedClock();
    const gateway = await estate.openGateway(centre, { clock });
    const first = oneByOne(gateway, newCallIds(1));
    await eventually('the first request arrives', () => pending.length === 1);
    pending.splice(0).forEach(({ answer }) => answer());
    expect(await first).toEqual(['UPSTREAM']);
    clock.setWallAhead(TWO_HOURS_MS);
    const asked = gateway.calls(newCallIds(20));
    await eventually('all arrive before any is answered', () => pending.length === 20, 5_000);
    pending.splice(0).forEach(({ answer }) => answer());
    expect(new Set((await asked).map(outcomeOf))).toEqual(new Set(['UPSTREAM']));
  });

  it('keeps the deadline of what is under way: a failed request is still repeated', async () => {
    const { centre, pending } = await startHoldingCentre();
    const clock = createShiftedClock();
    const gateway = await estate.openGateway(centre, { clock, env: { CMS_MAX_RETRIES: '1' } });
    const asked = oneByOne(gateway, newCallIds(1));
    await eventually('the first attempt arrives', () => pending.length === 1);
    clock.setWallAhead(TWO_HOURS_MS);
    pending.pop()?.response.writeHead(503).end();
    await eventually('the second attempt arrives', () => pending.length === 1, 5_000);
    pending.pop()?.answer();
    expect(await asked).toEqual(['UPSTREAM']);
  });

  it('keeps what it knows of a call that is over', async () => {
    const simulator = await estate.startCentre();
    const clock = createShiftedClock();
    const gateway = await estate.openGateway(simulator, { clock });
    const callIds = newCallIds(1);
    const outcomes = [];
    for (const aheadMs of [0, TWO_HOURS_MS, 0, -TWO_HOURS_MS, 0]) {
      clock.setWallAhead(aheadMs);
      outcomes.push(...(await oneByOne(gateway, callIds)));
    }
    expect(outcomes).toEqual(['UPSTREAM', 'MEMORY', 'MEMORY', 'MEMORY', 'MEMORY']);
  });
});

describe('a gateway whose wall clock is two hours ahead', () => {
  it('does not take a call for settled that has just ended', async () => {
    const endedAt = Date.now() - 10_000;
    const callId = `${Math.floor(endedAt / 1000) - 60}-7`;
    const times = { waitBegin: '0', ackBegin: '0', callBegin: `${endedAt - 50_000}`, callEnd: `${endedAt}` };
    const centre = await startReplyServer((response) => response.end(replyWith([wireRecord({ callId, ...times })])));
    open.push(centre);
    const clock = createShiftedClock();
    clock.setWallAhead(TWO_HOURS_MS);
    const gateway = await estate.openGateway(centre, { clock });
    for (const source of ['UPSTREAM', 'MEMORY']) {
      const { body } = await gateway.query(`{ call(vdn: 170, callId: "${callId}") { freshness { source final } } }`);
      expect(body).toEqual({ data: { call: { freshness: { source, final: false } } } });
    }
  });
});

describe('a gateway whose wall clock was two hours ahead', () => {
  it('asks anew for what it learnt meanwhile, and so do the others: nothing of that time passes for new', async () => {
    const redis = await openSharedRedis();
    open.push(redis);
    const beganAt = Date.now() - 60_000;
    const callId = `${Math.floor(beganAt / 1000)}-7`;
    const times = { waitBegin: `${beganAt}`, ackBegin: `${beganAt}`, callBegin: `${beganAt}` };
    const first = wireRecord({ callId, ...times, callIdNum: '1', callEnd: `${beganAt + 10_000}` });
    const final = wireRecord({ callId, ...times, callIdNum: '-1', callEnd: `${beganAt + 30_000}` });
    let records = [first];
    const centre = await startReplyServer((response) => {
      response.sendDate = false; // nobody tells the gateway that its clock is wrong
      response.end(replyWith(records));
    });
    open.push(centre);
    const clock = createShiftedClock();
    const env = { REDIS_URL: redis.url, REDIS_KEY_PREFIX: redis.keyPrefix, CACHE_SETTLE_SECONDS: '0' };
    const gateways = [
      await estate.openGateway(centre, { clock, env }),
      await estate.openGateway(centre, { clock, env }),
    ] as const;
    for (const gateway of gateways) await usesRedis(gateway);

    clock.setWallAhead(TWO_HOURS_MS);
    expect(await legsOf(gateways[0], callId)).toEqual([1]);
    await eventually('it lies in Redis', async () => (await redis.inside.keys('*calltrace*:v*')).length > 0);
    clock.setWallAhead(0);
    records = [first, final];
    expect(await legsOf(gateways[0], callId)).toEqual([1, -1]);
    expect(await legsOf(gateways[1], callId)).toEqual([1, -1]);
    clock.setWallAhead(TWO_HOURS_MS);
    expect(await legsOf(gateways[1], callId)).toEqual([1, -1]);
    clock.setWallAhead(0);
    expect(await legsOf(gateways[0], callId)).toEqual([1, -1]);
  });
});

async function legsOf(gateway: EstateGateway, callId: string): Promise<number[]> {
  const [answer] = await gateway.calls([callId]);
  if (!answer || !('legs' in answer)) throw new Error(`no call: ${JSON.stringify(answer)}`);
  return (answer.legs as { callIdNum: number }[]).map(({ callIdNum }) => callIdNum);
}

/** The reply of a contact centre that knows these records. */
function replyWith(records: readonly object[]): string {
  return JSON.stringify({ resultCode: '0100000', resultDesc: records });
}
