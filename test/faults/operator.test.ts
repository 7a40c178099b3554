import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '../cache/redis/support/eventually.js';
import { ACCESS_KEY } from '../support/gateway.js';
import { createAuthority } from '../upstream/support/certificates.js';
import { createEstate, outcomeOf } from '../upstream/support/estate.js';
import { startReplyServer } from '../upstream/support/reply-server.js';
import { newCallIds, oneByOne, warnings } from './support/clients.js';
import { createShiftedClock } from './support/shifted-clock.js';

const estate = createEstate();
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await estate.close();
  for (const server of open.splice(0)) await server.close();
});

/** Where a contact centre was: nothing listens there any more. */
async function addressOfNobody(): Promise<string> {
  const server = await startReplyServer((response) => response.end());
  await server.close();
  return server.url;
}

async function addressOfSilence(): Promise<string> {
  const server = await startReplyServer(() => undefined);
  open.push(server);
  return server.url;
}

async function addressOfTls(options: object): Promise<string> {
  const server = createServer(options, (_request, response) => response.end());
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  open.push({ close: () => new Promise((resolve) => void server.close(() => resolve())) });
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** An authority whose certificates have expired. */
function createExpiredAuthority(): ReturnType<typeof createAuthority> {
  const now = jest.spyOn(Date, 'now').mockReturnValue(Date.now() - 864_000_000);
  try {
    return createAuthority('of the past');
  } finally {
    now.mockRestore();
  }
}

const authority = createAuthority('ours');
const elsewhere = createAuthority('of another place', 'elsewhere.example');
const expired = createExpiredAuthority();
const unknown = createAuthority('unknown');
const TRUSTED = [authority, elsewhere, expired].map(({ ca }) => ca).join('');
const OLD_TLS = { maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' };

/** What is wrong, where the contact centre is said to be, what is named as the cause, and by which code. */
const CAUSES: readonly (readonly [string, () => Promise<string>, string, RegExp | null])[] = [
  ['nothing listens', addressOfNobody, 'refused', /^ECONNREFUSED$/],
  ['the name is unknown', () => Promise.resolve('http://contact-centre.invalid'), 'dns', /^(ENOTFOUND|EAI_AGAIN)$/],
  ['nobody answers', addressOfSilence, 'timeout', null],
  ['its authority is unknown', () => addressOfTls(unknown.server), 'tls', /^UNABLE_TO_VERIFY_LEAF_SIGNATURE$/],
  [
    'its certificate is for another name',
    () => addressOfTls(elsewhere.server),
    'tls',
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
  ],
  ['its certificate has expired', () => addressOfTls(expired.server), 'tls', /^CERT_HAS_EXPIRED$/],
  [
    'its TLS is too old',
    () => addressOfTls({ ...authority.server, ...OLD_TLS }),
    'tls',
    /^ERR_SSL_.*(PROTOCOL|VERSION)/,
  ],
];

describe('the first failure after a start', () => {
  it.each(CAUSES)('has a line that names its cause and its code where %s', async (_, addressOf, cause, code) => {
    const env = { CMS_ATTEMPT_TIMEOUT_MS: '1000', CMS_CA_FILE: '/ca' };
    const gateway = await estate.openGateway({ url: await addressOf() }, { env, readFile: () => TRUSTED });
    await oneByOne(gateway, newCallIds(1));
    const expected = { cause, code: code && (expect.stringMatching(code) as unknown) };
    expect(warnings(gateway)).toMatchObject([expected]);
    expect((await gateway.readiness()).upstream.endpoints).toMatchObject([{ lastFailure: expected }]);
    expect(await gateway.metrics()).toContain(`calltrace_upstream_attempts_total{outcome="${cause}"} 1`);
  });
});

describe('a gateway in the course of half a minute', () => {
  beforeEach(() => {
    jest.useFakeTimers({
      // Only the pauses of the gateway: the rest of the machine goes on.
      doNotFake: ['Date', 'hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate'],
    });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('says how many requests failed, and which share, though none failed five times in a row', async () => {
    const simulator = await estate.startCentre();
    const callIds = newCallIds(50);
    simulator.configure({ fault: 'http-503', faultCallIds: callIds.filter((_, index) => index % 5 === 0) });
    const gateway = await estate.openGateway(simulator);
    await oneByOne(gateway, callIds);
    jest.advanceTimersByTime(30_000);
    const [first, summary, ...others] = warnings(gateway);
    expect(first).toMatchObject({ cause: 'http_5xx', code: 'HTTP_503' });
    expect(summary).toMatchObject({ failed: 9, causes: { 'http_5xx HTTP_503': 9 } }); // the first has its own line
    expect(Number(summary?.['failedPercent'])).toBeGreaterThan(15);
    expect(Number(summary?.['failedPercent'])).toBeLessThan(25);
    expect(others).toEqual([]);
  });

  it('says that its queue was full, and for how many', async () => {
    const { centre, failAll } = await startHoldingCentre();
    const gateway = await estate.openGateway(centre, { env: { CMS_MAX_CONCURRENCY: '1', CMS_MAX_QUEUE: '18' } });
    const asked = gateway.calls(newCallIds(79));
    await eventually('one is asked for', () => centre.requests.length === 1);
    expect(warnings(gateway)).toMatchObject([{ cause: 'queue_full' }]);
    failAll();
    const outcomes = (await asked).map(outcomeOf);
    expect(outcomes.filter((outcome) => outcome === 'UPSTREAM_OVERLOADED')).toHaveLength(60);
    jest.advanceTimersByTime(30_000);
    expect(warnings(gateway).at(-1)).toMatchObject({ queueFull: 59 }); // the first has its own line
  });

  it('finds out by itself that its keys are accepted again', async () => {
    const simulator = await estate.startCentre();
    const clock = createShiftedClock();
    const gateway = await estate.openGateway(simulator, { clock, env: { CMS_SECRET_KEY: 'right soon' } });
    const state = async () => (await gateway.readiness()).upstream.signature.state;
    await oneByOne(gateway, newCallIds(3));
    expect(await state()).toBe('REFUSED');
    simulator.configure({ accessKeys: { [ACCESS_KEY]: 'right soon' } });
    clock.advance(30_000);
    jest.advanceTimersByTime(30_000);
    await eventually('they are', async () => (await state()) === 'PROVEN');
    expect(simulator.total).toBe(3); // probes ask for no call
  });
});

/** A contact centre that answers nothing until it is told to fail all requests. */
async function startHoldingCentre() {
  let isFailing = false;
  const pending: (() => void)[] = [];
  const centre = await startReplyServer((response) => {
    const fail = (): unknown => response.writeHead(400).end();
    if (isFailing) fail();
    else pending.push(fail);
  });
  open.push(centre);
  return {
    centre,
    failAll: () => {
      isFailing = true;
      pending.forEach((fail) => fail());
    },
  };
}
