import { afterEach, describe, expect, it } from '@jest/globals';
import { newCallId } from '../support/gateway.js';
import { createEstate, outcomeOf } from './support/estate.js';
import { startFirewall } from './support/firewall.js';

const estate = createEstate();
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await estate.close();
  for (const close of closing.splice(0)) await close();
});

const CONNECTIONS = 20;

/** A gateway that has as many connections open as it may, through a firewall that can forget them. */
async function withOpenConnections() {
  // Slow enough for each of the first questions to need a connection of its own.
  const simulator = await estate.startCentre({ latencyMs: 200 });
  const firewall = await startFirewall(simulator.url);
  closing.push(firewall.close);
  const gateway = await estate.openGateway(firewall, { env: { CMS_MAX_RETRIES: '0' } });
  const askOutcomes = async (count: number): Promise<Set<string>> =>
    new Set((await gateway.calls(Array.from({ length: count }, () => newCallId()))).map(outcomeOf));
  expect(await askOutcomes(1)).toEqual(new Set(['UPSTREAM']));
  expect(await askOutcomes(CONNECTIONS)).toEqual(new Set(['UPSTREAM']));
  expect(firewall.connections).toBe(CONNECTIONS);
  return { simulator, firewall, gateway, askOutcomes };
}

describe('connections that a firewall has forgotten while they were idle', () => {
  it('fail no question, though all are used at once, and say nothing against the address', async () => {
    const { simulator, firewall, gateway, askOutcomes } = await withOpenConnections();
    firewall.forget();
    expect(await askOutcomes(CONNECTIONS)).toEqual(new Set(['UPSTREAM']));
    expect(firewall.connections).toBe(2 * CONNECTIONS);
    expect(simulator.total).toBe(1 + 2 * CONNECTIONS);
    expect((await gateway.readiness()).upstream.endpoints).toMatchObject([{ endpoint: 0, state: 'UP' }]);
    expect(await gateway.metrics()).toMatch(/calltrace_upstream_attempts_total\{outcome="ok"\} 41\n/);
    expect(gateway.logLines.filter(({ level }) => Number(level) >= 40)).toEqual([]);
  });

  it('fail no question that comes alone, either', async () => {
    const { firewall, askOutcomes } = await withOpenConnections();
    firewall.forget();
    for (let n = 0; n < 5; n += 1) expect(await askOutcomes(1)).toEqual(new Set(['UPSTREAM']));
  });
});

describe('a connection that is cut', () => {
  it('is asked over once more, and only once', async () => {
    const simulator = await estate.startCentre();
    const gateway = await estate.openGateway(simulator);
    await gateway.calls([newCallId()]);
    simulator.configure({ fault: 'reset' });
    const callId = newCallId();
    expect((await gateway.calls([callId])).map(outcomeOf)).toEqual(['UPSTREAM_UNAVAILABLE']);
    expect(simulator.countOf(callId)).toBe(2);
  });

  it('is not asked over again while the key is not proven', async () => {
    const simulator = await estate.startCentre();
    simulator.configure({ fault: 'reset' });
    const gateway = await estate.openGateway(simulator);
    const callId = newCallId();
    expect((await gateway.calls([callId])).map(outcomeOf)).toEqual(['UPSTREAM_UNAVAILABLE']);
    expect(simulator.countOf(callId)).toBe(1);
  });

  it('is not asked over again if the reply had begun', async () => {
    const simulator = await estate.startCentre();
    const firewall = await startFirewall(simulator.url);
    closing.push(firewall.close);
    const gateway = await estate.openGateway(firewall, { env: { CMS_ATTEMPT_TIMEOUT_MS: '5000' } });
    await gateway.calls([newCallId()]);
    simulator.configure({ fault: 'hang-mid-body' });
    const callId = newCallId();
    const asked = gateway.calls([callId]);
    while (simulator.total < 2) await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setTimeout(resolve, 100)); // for the head of the reply to pass
    firewall.cut();
    expect((await asked).map(outcomeOf)).toEqual(['UPSTREAM_UNAVAILABLE']);
    expect(simulator.countOf(callId)).toBe(1);
  });
});
