import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Simulator } from '../../simulator/simulator.js';
import { ACCESS_KEY, newCallId, SECRET_KEY } from '../support/gateway.js';
import { eventually } from '../cache/redis/support/eventually.js';
import { createSigner, type SignableRequest } from '../../src/upstream/signature.js';
import { createAuthority } from './support/certificates.js';
import { startReplyServer } from './support/reply-server.js';
import { CALLS, clockOf, createEstate, outcomeOf, type EstateGateway } from './support/estate.js';

const estate = createEstate();
afterEach(estate.close);

const IN_PROGRESS = 10;

function newCallIds(count: number): string[] {
  return Array.from({ length: count }, () => newCallId());
}

/** The outcomes of these calls, each asked by an operation of its own, one after the other. */
async function oneByOne(gateway: EstateGateway, callIds: readonly string[]): Promise<string[]> {
  const outcomes: string[] = [];
  for (const callId of callIds) outcomes.push(...(await gateway.calls([callId])).map(outcomeOf));
  return outcomes;
}

function messages(gateway: EstateGateway): unknown[] {
  return gateway.logLines.map((line) => line['msg']);
}

/** The clocks of a host on which time passes as a test says. */
function movedClock() {
  let ahead = 0;
  return {
    clock: { wall: () => Date.now() + ahead, monotonic: () => performance.now() + ahead },
    pass: (ms: number) => void (ahead += ms),
  };
}

/** Tells the contact centre another secret key, as when ours was revoked. */
function revoke(simulator: Simulator): void {
  simulator.configure({ accessKeys: { [ACCESS_KEY]: 'another-secret' } });
}

describe('a gateway with a wrong key', () => {
  it('never reaches the lock after 5 refusals with 10,000 questions', async () => {
    const simulator = await estate.startCentre({ lockAfter: 5 });
    // Time passes more slowly, for the pause may not end before the last question is answered, however slow the machine is.
    const clock = { wall: Date.now, monotonic: () => performance.now() / 20 };
    const gateway = await estate.openGateway(simulator, { clock, env: { CMS_SECRET_KEY: 'wrong' } });
    const outcomes = new Set<string>();
    for (let round = 0; round < 10; round += 1) {
      const batches = await Promise.all(Array.from({ length: 5 }, () => gateway.calls(newCallIds(200))));
      batches.flat().forEach((answer) => outcomes.add(outcomeOf(answer)));
    }
    expect([...outcomes]).toEqual(['UPSTREAM_AUTH_FAILED']);
    expect(simulator.total).toBe(3);
    expect(simulator.requests.map(({ status }) => status)).toEqual([401, 401, 401]);
    expect(await gateway.readiness()).toMatchObject({
      ready: true,
      upstream: { signature: { state: 'REFUSED', nextProbeInMs: expect.any(Number) as unknown } },
    });
    expect(messages(gateway).filter((message) => /refuses our signatures/.test(String(message)))).toHaveLength(1);
  });

  it('says when the next probe is due', async () => {
    const simulator = await estate.startCentre();
    const gateway = await estate.openGateway(simulator, {
      env: { CMS_SECRET_KEY: 'wrong', CMS_AUTH_FAILURES_MAX: '1' },
    });
    await oneByOne(gateway, newCallIds(1));
    const [answer] = await gateway.calls(newCallIds(1));
    expect(answer).toMatchObject({ extensions: { code: 'UPSTREAM_AUTH_FAILED', retryable: false } });
    expect(answer).not.toHaveProperty('extensions.retryAfterMs');
    const { upstream } = await gateway.readiness();
    expect(upstream.signature.nextProbeInMs).toBeGreaterThan(0);
    expect(simulator.total).toBe(1);
  });

  it('opens by itself once the key is taken', async () => {
    const simulator = await estate.startCentre();
    const { clock, pass } = movedClock();
    const gateway = await estate.openGateway(simulator, { env: { CMS_SECRET_KEY: 'right soon' }, clock });
    expect(await oneByOne(gateway, newCallIds(5))).toEqual(Array(5).fill('UPSTREAM_AUTH_FAILED'));
    simulator.configure({ accessKeys: { [ACCESS_KEY]: 'right soon' } });
    pass(30_000);
    expect(await oneByOne(gateway, newCallIds(3))).toEqual(['UPSTREAM', 'UPSTREAM', 'UPSTREAM']);
    expect(simulator.total).toBe(6);
    expect(messages(gateway)).toContain('the contact centre accepts our signatures');
  });
});

describe('a gateway whose key is revoked', () => {
  it('goes on with what it has cached', async () => {
    const simulator = await estate.startCentre();
    const gateway = await estate.openGateway(simulator, { env: { CACHE_OPEN_TTL_SECONDS: '0' } });
    const open = `${Math.floor(Date.now() / 1000) - 60}-${IN_PROGRESS}`; // one that began long ago would be asked less often
    const settled = newCallId();
    expect(await oneByOne(gateway, [settled, open])).toEqual(['UPSTREAM', 'UPSTREAM']);
    revoke(simulator);
    expect(await oneByOne(gateway, newCallIds(5))).toEqual(Array(5).fill('UPSTREAM_AUTH_FAILED'));
    const total = simulator.total;
    expect(await gateway.calls([settled, open])).toMatchObject([
      { callId: settled, freshness: { source: 'MEMORY', stale: false } },
      { callId: open, freshness: { source: 'MEMORY', stale: true } },
    ]);
    expect(simulator.total).toBe(total);
  });

  it('shows it no more often than there may be requests at once, and never again', async () => {
    const simulator = await estate.startCentre({ lockAfter: 1000 });
    const gateway = await estate.openGateway(simulator, { env: { CMS_MAX_CONCURRENCY: '4' } });
    await oneByOne(gateway, newCallIds(1));
    revoke(simulator);
    await gateway.calls(newCallIds(200));
    const refused = simulator.requests.filter(({ status }) => status === 401).length;
    expect(refused).toBeGreaterThanOrEqual(1);
    expect(refused).toBeLessThanOrEqual(4);
  });

  it('probes 30 s later, however many requests were refused', async () => {
    const simulator = await estate.startCentre({ lockAfter: 1000 });
    const { clock, pass } = movedClock();
    const gateway = await estate.openGateway(simulator, { clock });
    await oneByOne(gateway, newCallIds(1));
    revoke(simulator);
    await gateway.calls(newCallIds(200));
    expect(simulator.requests.filter(({ status }) => status === 401).length).toBeGreaterThan(0);
    const { upstream } = await gateway.readiness();
    expect(upstream.signature.nextProbeInMs).toBeLessThanOrEqual(30_000);
    simulator.configure({ accessKeys: { [ACCESS_KEY]: SECRET_KEY } });
    pass(30_000);
    expect(await oneByOne(gateway, newCallIds(1))).toEqual(['UPSTREAM']);
  });

  it('shows it three times if it was revoked at a quiet hour, though a dashboard asks for 200 calls', async () => {
    const simulator = await estate.startCentre({ lockAfter: 5 });
    const { clock, pass } = movedClock();
    const gateway = await estate.openGateway(simulator, { clock });
    await oneByOne(gateway, newCallIds(1));
    revoke(simulator);
    pass(30_000);
    await gateway.calls(newCallIds(200));
    expect(simulator.requests.map(({ status }) => status)).toEqual([200, 401, 401, 401]);
  });
});

describe('a gateway with two keys', () => {
  const SECOND = { CMS_ACCESS_KEY_2: 'second-access-key', CMS_SECRET_KEY_2: 'second-secret-key' };

  it('tries the second once the first is refused, and remembers it', async () => {
    const simulator = await estate.startCentre({ accessKey: 'second-access-key', secretKey: 'second-secret-key' });
    const gateway = await estate.openGateway(simulator, { env: SECOND });
    const answers = await gateway.calls(newCallIds(100));
    expect(new Set(answers.map(outcomeOf))).toEqual(new Set(['UPSTREAM']));
    const shown = simulator.requests.map(({ headers }) => headers['authorization']?.split('/')[1]);
    expect(shown.filter((key) => key === ACCESS_KEY)).toHaveLength(2);
    expect(shown.filter((key) => key === 'second-access-key')).toHaveLength(100);
    await gateway.calls(newCallIds(10));
    expect(simulator.requests.filter(({ status }) => status === 401)).toHaveLength(2);
  });

  it('follows when the contact centre changes from one to the other', async () => {
    const simulator = await estate.startCentre();
    const gateway = await estate.openGateway(simulator, { env: SECOND });
    expect(await oneByOne(gateway, newCallIds(2))).toEqual(['UPSTREAM', 'UPSTREAM']);
    simulator.configure({ accessKeys: { 'second-access-key': 'second-secret-key' } });
    expect(await oneByOne(gateway, newCallIds(3))).toEqual(['UPSTREAM', 'UPSTREAM', 'UPSTREAM']);
    expect(simulator.requests.map(({ status }) => status)).toEqual([200, 200, 401, 200, 200, 200]);
  });
});

describe('a gateway with two keys of which one is revoked under load', () => {
  it('fails no question', async () => {
    const simulator = await estate.startCentre({ lockAfter: 1000, latencyMs: 20 });
    const second = { CMS_ACCESS_KEY_2: 'second-access-key', CMS_SECRET_KEY_2: 'second-secret-key' };
    const gateway = await estate.openGateway(simulator, { env: { ...second, REQUEST_DEADLINE_MS: '60000' } });
    await oneByOne(gateway, newCallIds(1));
    const asked = gateway.calls(newCallIds(200));
    await eventually('many are under way', () => simulator.total > 50);
    simulator.configure({ accessKeys: { 'second-access-key': 'second-secret-key' } });
    expect(new Set((await asked).map(outcomeOf))).toEqual(new Set(['UPSTREAM']));
    const refused = simulator.requests.filter(({ status }) => status === 401);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThanOrEqual(20);
    expect(messages(gateway).filter((message) => /nothing is sent/.test(String(message)))).toEqual([]);
  });
});

describe('a gateway whose keys stand in files', () => {
  /** A gateway with its secret key in a file, and a clock that can be put forward. */
  async function withKeyFile(simulator: Simulator, first: string) {
    let key = first;
    const { clock, pass } = movedClock();
    const gateway = await estate.openGateway(simulator, {
      env: { CMS_SECRET_KEY_FILE: '/run/secrets/cms' },
      readFile: () => `${key}\n`,
      clock,
    });
    return {
      gateway,
      pass,
      write: (text: string) => {
        key = text;
        pass(11_000);
      },
    };
  }

  it('follows a file that is changed, without a restart', async () => {
    const simulator = await estate.startCentre();
    const { gateway, write } = await withKeyFile(simulator, SECRET_KEY);
    expect(await oneByOne(gateway, newCallIds(1))).toEqual(['UPSTREAM']);
    simulator.configure({ accessKeys: { [ACCESS_KEY]: 'new-secret' } });
    write('new-secret');
    expect(await oneByOne(gateway, newCallIds(2))).toEqual(['UPSTREAM', 'UPSTREAM']);
    expect(simulator.requests.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it.each(['two\nlines', 'schlüssel'])('keeps its key while the file holds %j, and says so once', async (text) => {
    const simulator = await estate.startCentre();
    const { gateway, write } = await withKeyFile(simulator, SECRET_KEY);
    await oneByOne(gateway, newCallIds(1));
    for (let n = 0; n < 3; n += 1) {
      write(text);
      expect(await oneByOne(gateway, newCallIds(1))).toEqual(['UPSTREAM']);
    }
    expect(messages(gateway).filter((message) => /cannot be sent/.test(String(message)))).toEqual([
      'CMS_SECRET_KEY_FILE holds what cannot be sent: what it held before stays in use',
    ]);
  });

  it('opens 30 s after the last refusal once a wrong key has been put right', async () => {
    const simulator = await estate.startCentre();
    const { gateway, write, pass } = await withKeyFile(simulator, 'wrong');
    await oneByOne(gateway, newCallIds(5));
    expect(simulator.total).toBe(3);
    write(SECRET_KEY);
    expect(await oneByOne(gateway, newCallIds(1))).toEqual(['UPSTREAM_AUTH_FAILED']);
    pass(20_000);
    expect(await oneByOne(gateway, newCallIds(2))).toEqual(['UPSTREAM', 'UPSTREAM']);
  });

  it('shows a key that was changed to a wrong one three times, though a hundred ask at once', async () => {
    const simulator = await estate.startCentre({ lockAfter: 5 });
    const { gateway, write } = await withKeyFile(simulator, SECRET_KEY);
    await oneByOne(gateway, newCallIds(1));
    write('mistyped');
    await gateway.calls(newCallIds(100));
    expect(simulator.requests.filter(({ status }) => status === 401)).toHaveLength(3);
    expect(simulator.requests.filter(({ status }) => status === 403)).toHaveLength(0);
  });
});

describe('a gateway with other ways to be authorised', () => {
  it('has its requests signed by a signing proxy, and is answered', async () => {
    const simulator = await estate.startCentre();
    const sign = createSigner({ accessKey: () => ACCESS_KEY, secretKey: () => SECRET_KEY, now: Date.now });
    const proxy = await startReplyServer((response, { body }) => {
      const { url, ...request } = JSON.parse(body) as SignableRequest & { url: string };
      response.end(JSON.stringify({ Authorization: sign({ ...request, url: new URL(url) }) }));
    });
    try {
      const gateway = await estate.openGateway(simulator, {
        env: { CMS_AUTH: 'proxy', CMS_SIGNING_PROXY_URL: `${proxy.url}/sign` },
      });
      expect(await oneByOne(gateway, newCallIds(2))).toEqual(['UPSTREAM', 'UPSTREAM']);
      expect(proxy.requests).toHaveLength(2);
      expect(simulator.requests.map(({ status }) => status)).toEqual([200, 200]);
    } finally {
      await proxy.close();
    }
    const gateway = await estate.openGateway(simulator, {
      env: { CMS_AUTH: 'proxy', CMS_SIGNING_PROXY_URL: `${proxy.url}/sign` },
    });
    expect(await gateway.calls(newCallIds(1))).toMatchObject([
      { extensions: { code: 'UPSTREAM_UNAVAILABLE' }, message: expect.stringContaining('signing proxy') as unknown },
    ]);
    expect(simulator.total).toBe(2);
  });

  it('holds a signing proxy that is away against nobody else', async () => {
    const simulator = await estate.startCentre();
    const proxy = await startReplyServer((response) => response.end('auth-v2/a/b/c/d'));
    await proxy.close();
    const gateway = await estate.openGateway(simulator, {
      env: { CMS_AUTH: 'proxy', CMS_SIGNING_PROXY_URL: proxy.url },
    });
    expect(await oneByOne(gateway, newCallIds(10))).toEqual(Array(10).fill('UPSTREAM_UNAVAILABLE'));
    expect((await gateway.readiness()).upstream.endpoints).toMatchObject([{ endpoint: 0, state: 'UP' }]);
    expect(await gateway.metrics()).toContain('calltrace_upstream_attempts_total{outcome="unsigned"} 10');
    expect(gateway.logLines.filter(({ level }) => Number(level) >= 40)).toMatchObject([
      { cause: 'unsigned', code: 'ECONNREFUSED', endpoint: 0 },
    ]);
  });

  it('does not show the signing proxy the certificate that is for the contact centre', async () => {
    const { ca, server, client } = createAuthority('Test Authority');
    const shown: object[] = [];
    const proxy = createServer({ ...server, requestCert: true, rejectUnauthorized: false }, (_request, response) => {
      response.end('Bearer signed');
    });
    proxy.on('secureConnection', (socket) => shown.push(socket.getPeerCertificate()));
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    try {
      const simulator = await estate.startCentre();
      simulator.configure({ checkSignature: false });
      const files: Readonly<Record<string, string>> = { '/ca': ca, '/cert': client.cert, '/key': client.key };
      const gateway = await estate.openGateway(simulator, {
        env: {
          CMS_AUTH: 'proxy',
          CMS_SIGNING_PROXY_URL: `https://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
          CMS_CA_FILE: '/ca',
          CMS_CERT_FILE: '/cert',
          CMS_KEY_FILE: '/key',
        },
        readFile: (path) => files[path] ?? '',
      });
      expect(await oneByOne(gateway, newCallIds(1))).toEqual(['UPSTREAM']);
      expect(shown).toEqual([{}]);
    } finally {
      proxy.closeAllConnections();
      proxy.close();
    }
  });

  it('sends the bearer token', async () => {
    const simulator = await estate.startCentre();
    simulator.configure({ checkSignature: false });
    const gateway = await estate.openGateway(simulator, { env: { CMS_AUTH: 'bearer', CMS_BEARER_TOKEN: 'the-token' } });
    expect(await oneByOne(gateway, newCallIds(1))).toEqual(['UPSTREAM']);
    expect(simulator.requests[0]?.headers['authorization']).toBe('Bearer the-token');
  });
});

describe('a gateway with two addresses of the contact centre', () => {
  it('goes on when one dies, and uses it again when it returns', async () => {
    const [first, second] = [await estate.startCentre(), await estate.startCentre()];
    const gateway = await estate.openGateway(first, {
      env: { CMS_BASE_URLS: `${first.url},${second.url}`, CMS_MAX_RETRIES: '2' },
    });
    const states = async () => (await gateway.readiness()).upstream.endpoints.map(({ state }) => state);
    expect(await oneByOne(gateway, newCallIds(3))).toEqual(['UPSTREAM', 'UPSTREAM', 'UPSTREAM']);
    expect([first.total, second.total]).toEqual([3, 0]);

    await first.close();
    expect(await oneByOne(gateway, newCallIds(12))).toEqual(Array(12).fill('UPSTREAM'));
    expect(second.total).toBe(12);
    expect(await states()).toEqual(['DOWN', 'UP']);
    expect((await gateway.readiness()).ready).toBe(true);
    expect(gateway.logLines).toContainEqual(
      expect.objectContaining({
        baseUrl: first.url,
        msg: expect.stringContaining('the contact centre keeps failing at this address') as unknown,
      }),
    );

    const returned = await estate.startCentre({ port: Number(new URL(first.url).port) });
    await eventually('the first address is asked again', async () => {
      expect(await oneByOne(gateway, newCallIds(1))).toEqual(['UPSTREAM']);
      return returned.total > 0;
    });
    const before = second.total;
    expect(await oneByOne(gateway, newCallIds(5))).toEqual(Array(5).fill('UPSTREAM'));
    expect(second.total).toBe(before);
    expect(await states()).toEqual(['UP', 'UP']);
    expect(messages(gateway)).toContain('the contact centre answers again at this address');
  });

  it('fails at once when both are dead, and recovers', async () => {
    const [first, second] = [await estate.startCentre(), await estate.startCentre()];
    for (const simulator of [first, second]) simulator.configure({ fault: 'http-503' });
    const gateway = await estate.openGateway(first, { env: { CMS_BASE_URLS: `${first.url},${second.url}` } });
    expect(new Set(await oneByOne(gateway, newCallIds(10)))).toEqual(new Set(['UPSTREAM_UNAVAILABLE']));
    const asked = first.total + second.total;
    const startedAt = Date.now();
    const outcomes = new Set((await gateway.calls(newCallIds(200))).map(outcomeOf));
    expect(outcomes).toEqual(new Set(['UPSTREAM_UNAVAILABLE']));
    expect(Date.now() - startedAt).toBeLessThan(3_000);
    expect(first.total + second.total - asked).toBeLessThanOrEqual(2);

    for (const simulator of [first, second]) simulator.configure({ fault: null });
    await eventually('an answer comes', async () => (await oneByOne(gateway, newCallIds(1)))[0] === 'UPSTREAM');
  });
});

describe('a gateway whose clock is wrong', () => {
  it('reports it in the log and at /readyz, once', async () => {
    const simulator = await estate.startCentre();
    const gateway = await estate.openGateway(simulator, { clock: clockOf(() => Date.now() + 90_000) });
    expect((await gateway.readiness()).upstream.clockAheadMs).toBeNull();
    await oneByOne(gateway, newCallIds(3));
    const { ready, upstream } = await gateway.readiness();
    expect(ready).toBe(true);
    expect(upstream.clockAheadMs).toBeGreaterThan(89_000);
    expect(upstream.clockAheadMs).toBeLessThan(93_000);
    const lines = gateway.logLines.filter(({ msg }) => /clock/.test(String(msg)));
    expect(lines).toMatchObject([
      { level: 40, msg: 'our clock and that of the contact centre differ by more than a minute' },
    ]);
  });
});

describe('a gateway whose clock is set by two hours while nothing is sent', () => {
  it.each([-7_200_000, 7_200_000])('sends its probe 30 s later all the same (%i ms)', async (step) => {
    const simulator = await estate.startCentre();
    let [set, ahead] = [0, 0];
    const clock = { wall: () => Date.now() + set + ahead, monotonic: () => performance.now() + ahead };
    const gateway = await estate.openGateway(simulator, { clock, env: { CMS_SECRET_KEY: 'right soon' } });
    await oneByOne(gateway, newCallIds(5));
    simulator.configure({ accessKeys: { [ACCESS_KEY]: 'right soon' } });
    set = step;
    expect(await oneByOne(gateway, newCallIds(1))).toEqual(['UPSTREAM_AUTH_FAILED']);
    expect(simulator.total).toBe(3);
    ahead = 30_000;
    expect(await oneByOne(gateway, newCallIds(1))).toEqual(['UPSTREAM']);
  });

  it.each([-7_200_000, 7_200_000])('tries an address that was down after its pause (%i ms)', async (step) => {
    const simulator = await estate.startCentre();
    let [set, ahead] = [0, 0];
    const clock = { wall: () => Date.now() + set + ahead, monotonic: () => performance.now() + ahead };
    const gateway = await estate.openGateway(simulator, { clock });
    simulator.configure({ fault: 'http-503' });
    await oneByOne(gateway, newCallIds(5));
    expect((await gateway.readiness()).upstream.endpoints).toMatchObject([{ state: 'DOWN' }]);
    simulator.configure({ fault: null });
    set = step;
    ahead = 1_000;
    expect(await oneByOne(gateway, newCallIds(1))).toEqual(['UPSTREAM']);
  });
});

describe('the deadline of an operation', () => {
  it('is UPSTREAM_TIMEOUT for the item alone that cannot be had in time', async () => {
    const simulator = await estate.startCentre();
    const gateway = await estate.openGateway(simulator, {
      env: { REQUEST_DEADLINE_MS: '300', CMS_ATTEMPT_TIMEOUT_MS: '300', CMS_MAX_RETRIES: '2' },
    });
    const [hanging, ...others] = newCallIds(5) as [string, ...string[]];
    simulator.configure({ fault: 'hang-before-headers', faultCallIds: [hanging] });
    const startedAt = Date.now();
    const answers = await gateway.calls([hanging, ...others]);
    expect(Date.now() - startedAt).toBeLessThan(2_000);
    expect(answers.map(outcomeOf)).toEqual(['UPSTREAM_TIMEOUT', ...others.map(() => 'UPSTREAM')]);
    expect(answers[0]).toMatchObject({ path: ['calls', 0], extensions: { retryable: true } });
  });

  it('holds for what waits in the queue, too', async () => {
    const simulator = await estate.startCentre();
    simulator.configure({ fault: 'hang-before-headers' });
    const gateway = await estate.openGateway(simulator, {
      env: { REQUEST_DEADLINE_MS: '400', CMS_ATTEMPT_TIMEOUT_MS: '400', CMS_MAX_CONCURRENCY: '1' },
    });
    const startedAt = Date.now();
    const answers = await gateway.calls(newCallIds(20));
    expect(Date.now() - startedAt).toBeLessThan(2_500);
    expect(new Set(answers.map(outcomeOf))).toEqual(new Set(['UPSTREAM_TIMEOUT']));
    await eventually('nothing waits any more', async () => {
      const { inFlight, queued } = (await gateway.readiness()).upstream;
      return inFlight === 0 && queued === 0;
    });
    // One was given time and had no answer; the others came too late to say anything against the address.
    expect((await gateway.readiness()).upstream.endpoints).toMatchObject([{ state: 'UP' }]);
  });
});

describe('a client that goes away', () => {
  /** An operation that its client can leave. */
  function leavable(gateway: EstateGateway, callId: string) {
    const client = new AbortController();
    const asked = fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: CALLS, variables: { keys: [{ vdn: 170, callId }] } }),
      signal: client.signal,
    }).catch((error: unknown) => error);
    return { asked, leave: () => client.abort() };
  }

  /** A gateway whose signatures are accepted, before a contact centre that is silent from now on. */
  async function withProvenKey() {
    const simulator = await estate.startCentre();
    const gateway = await estate.openGateway(simulator);
    await oneByOne(gateway, newCallIds(1));
    simulator.configure({ fault: 'hang-before-headers' });
    return { simulator, gateway };
  }

  it('takes its question with it', async () => {
    const { simulator, gateway } = await withProvenKey();
    const { asked, leave } = leavable(gateway, newCallId());
    await eventually('the question has arrived', () => simulator.total === 2);
    leave();
    await asked;
    await eventually('it is taken back', () => simulator.requests[1]?.aborted === true);
    expect(simulator.total).toBe(2);
  });

  it('leaves it to another who waits for the same', async () => {
    const simulator = await estate.startCentre();
    simulator.configure({ fault: 'slow', slowMs: 3_000 });
    const gateway = await estate.openGateway(simulator);
    const callId = newCallId();
    const first = leavable(gateway, callId);
    await eventually('the question has arrived', () => simulator.total === 1);
    const second = gateway.calls([callId]);
    await eventually('the second has joined', async () =>
      /calltrace_single_flight_joins_total 1\b/.test(await gateway.metrics()),
    );
    first.leave();
    expect((await second).map(outcomeOf)).toEqual(['UPSTREAM']);
    expect(simulator.requests).toMatchObject([{ aborted: false, status: 200 }]);
  });

  it('says nothing against the contact centre: ten who leave open no breaker', async () => {
    const { simulator, gateway } = await withProvenKey();
    for (let n = 1; n <= 10; n += 1) {
      const { asked, leave } = leavable(gateway, newCallId());
      await eventually('the question has arrived', () => simulator.total === n + 1);
      leave();
      await asked;
      await eventually('it is taken back', () => simulator.requests[n]?.aborted === true);
    }
    simulator.configure({ fault: null });
    expect((await gateway.readiness()).upstream.endpoints).toMatchObject([{ state: 'UP' }]);
    expect(await oneByOne(gateway, newCallIds(1))).toEqual(['UPSTREAM']);
    expect(await gateway.metrics()).toContain('calltrace_upstream_attempts_total{outcome="abandoned"} 10');
  });
});

describe('the count of requests to the contact centre', () => {
  it.each([
    ['result-0100002', 'rejected'],
    ['html-200', 'malformed'],
    ['truncated-json', 'malformed'],
    ['other-call', 'malformed'],
  ] as const)('has %s, which comes under HTTP 200, as %s', async (fault, outcome) => {
    const simulator = await estate.startCentre();
    simulator.configure({ fault });
    const gateway = await estate.openGateway(simulator);
    await gateway.calls(newCallIds(2));
    const counted = (await gateway.metrics())
      .split('\n')
      .filter((line) => /^calltrace_upstream_attempts_total.* [1-9]/.test(line));
    expect(counted).toEqual([`calltrace_upstream_attempts_total{outcome="${outcome}"} 2`]);
  });
});

describe('the addresses of the contact centre', () => {
  it('stand in the log at the start, and not at /readyz', async () => {
    const simulator = await estate.startCentre();
    const gateway = await estate.openGateway(simulator);
    expect(gateway.logLines).toContainEqual(expect.objectContaining({ endpoints: [simulator.url] }));
    const { upstream } = await gateway.readiness();
    expect(upstream.endpoints).toEqual([{ endpoint: 0, state: 'UP', lastFailure: null, nextProbeInMs: null }]);
    expect(JSON.stringify(upstream)).not.toContain(new URL(simulator.url).port);
  });
});

describe('a gateway before a busy contact centre', () => {
  it('lets one question of a VDN pass a dashboard that asks for 200 calls of another', async () => {
    const simulator = await estate.startCentre({ latencyMs: 25 });
    const gateway = await estate.openGateway(simulator, { env: { CMS_MAX_CONCURRENCY: '2' } });
    await oneByOne(gateway, newCallIds(1));
    const dashboard = gateway.calls(newCallIds(200));
    await eventually('the dashboard is under way', () => simulator.total >= 5);
    const askedAt = simulator.total;
    const answers = await gateway.calls([newCallId()], 171);
    expect(answers.map(outcomeOf)).toEqual(['UPSTREAM']);
    const place = simulator.requests.findIndex(({ vdn }) => vdn === 171);
    // Those under way, one turn of the other tenant, and what went while the question was on its way.
    expect(place - askedAt).toBeLessThan(20);
    expect((await dashboard).map(outcomeOf)).toEqual(Array(200).fill('UPSTREAM'));
    expect(simulator.peakInFlight).toBe(2);
  });

  it('fails what may not wait at once, and answers the rest', async () => {
    const simulator = await estate.startCentre({ latencyMs: 50 });
    const gateway = await estate.openGateway(simulator, { env: { CMS_MAX_CONCURRENCY: '2', CMS_MAX_QUEUE: '3' } });
    await oneByOne(gateway, newCallIds(1));
    const outcomes = (await gateway.calls(newCallIds(20))).map(outcomeOf);
    expect(outcomes.filter((outcome) => outcome === 'UPSTREAM')).toHaveLength(5);
    expect(outcomes.filter((outcome) => outcome === 'UPSTREAM_OVERLOADED')).toHaveLength(15);
  });

  it('retries no more than a fifth of what is asked, once ten are used up', async () => {
    const simulator = await estate.startCentre();
    simulator.configure({ fault: 'http-429', retryAfter: '0' });
    const gateway = await estate.openGateway(simulator, { env: { CMS_MAX_RETRIES: '2' } });
    const asked = 100;
    await gateway.calls(newCallIds(asked));
    expect(simulator.total).toBeGreaterThan(asked);
    expect(simulator.total).toBeLessThanOrEqual(asked + asked / 5);
  });
});
