import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { startSimulator } from '../../../simulator/simulator.js';
import { environmentFor, newCallId } from '../../support/gateway.js';
import { startGatewayProcess, type GatewayProcess } from '../../support/gateway-process.js';
import { freePort } from '../../support/free-port.js';
import { openSlowNetwork, type SlowNetwork } from '../support/slow-network.js';

const REQUESTS = 20_000;
const CLIENTS = 40;
/** What the network takes, each way. Unit: ms. */
const NETWORK_MS = 5;
/** A client asks again after at most so long. Unit: ms. */
const THINK_MS = 40;
const DRAIN_MS = 2_000;
/** The balancer asks each gateway so often whether it is ready. Unit: ms. */
const POLL_MS = 200;

/** One place behind the balancer: a gateway, which is replaced, and the network before it. */
interface Place {
  gateway: GatewayProcess;
  readonly network: SlowNetwork;
  isReady: boolean;
}

describe('a rolling restart', () => {
  it('loses none of 20,000 requests of clients that repeat none', async () => {
    const simulator = await startSimulator({ accessKey: 'demo-access-key', secretKey: 'demo-secret-key' });
    const start = (port: number) =>
      startGatewayProcess({
        ...environmentFor(simulator),
        ...{ PORT: String(port), DRAIN_MS: String(DRAIN_MS), RATE_LIMIT_POINTS_PER_MINUTE: '0' },
      });
    const openPlace = async (): Promise<Place> => {
      const port = await freePort();
      return { gateway: await start(port), network: await openSlowNetwork(port, NETWORK_MS), isReady: true };
    };
    const places = [await openPlace(), await openPlace()];
    const lost: string[] = [];
    let answered = 0;
    let isRestarting = true;
    const isOver = (): boolean => !isRestarting && answered + lost.length >= REQUESTS;

    const body = JSON.stringify({ query: `{ call(vdn: 170, callId: "${newCallId()}") { id complete } }` });
    const client = async (): Promise<void> => {
      const agent = new Agent({ keepAlive: true });
      while (!isOver()) {
        const ready = places.filter(({ isReady }) => isReady);
        const place = ready[Math.floor(Math.random() * ready.length)];
        if (!place) throw new Error('no gateway is ready');
        const outcome = await ask(place.network.port, agent, body);
        if (outcome === null) answered += 1;
        else lost.push(outcome);
        await pause(Math.random() * THINK_MS);
      }
      agent.destroy();
    };
    const balancer = async (place: Place): Promise<void> => {
      while (!isOver()) {
        place.isReady = await fetch(`http://127.0.0.1:${new URL(place.gateway.url).port}/readyz`).then(
          ({ status }) => status === 200,
          () => false,
        );
        await pause(POLL_MS);
      }
    };
    const restart = async (): Promise<void> => {
      for (const place of places) {
        await pause(1_000);
        const { gateway } = place;
        process.kill(gateway.pid, 'SIGTERM');
        expect(await gateway.ended).toEqual([0, null]);
        place.gateway = await start(Number(new URL(gateway.url).port));
        while (!place.isReady) await pause(POLL_MS);
      }
      isRestarting = false;
    };
    try {
      await Promise.all([
        ...Array.from({ length: CLIENTS }, client),
        ...places.map(balancer),
        restart().finally(() => (isRestarting = false)),
      ]);
      expect(lost).toEqual([]);
      expect(answered).toBeGreaterThanOrEqual(REQUESTS);
    } finally {
      for (const { gateway, network } of places) {
        await gateway.kill();
        await network.close();
      }
      await simulator.close();
    }
  }, 90_000);
});

/** One request over a connection that is kept. Null if it was answered whole; otherwise what happened. */
function ask(port: number, agent: Agent, body: string): Promise<string | null> {
  return new Promise((resolve) => {
    const options = {
      ...{ port, agent, host: '127.0.0.1', method: 'POST', path: '/graphql' },
      headers: { 'content-type': 'application/json', 'content-length': body.length },
    };
    const outgoing = request(options, (incoming) => {
      let text = '';
      incoming.on('data', (bytes: Buffer) => (text += bytes.toString()));
      incoming.on('error', (error) => resolve(error.message));
      incoming.on('end', () => resolve(text.includes('"complete":true') ? null : `${incoming.statusCode} ${text}`));
    });
    outgoing.on('error', (error) => resolve(error.message));
    outgoing.end(body);
  });
}
