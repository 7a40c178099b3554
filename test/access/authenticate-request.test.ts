import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  AuthenticationUnavailableError,
  createAnonymous,
  createAuthenticatedCaller,
  UnauthenticatedError,
  type Authenticate,
  type Caller,
  type UnauthenticatedReason,
} from '../../src/access/caller.js';
import { ALL_GRANTS } from '../../src/access/grants.js';
import { createGuessLimiter } from '../../src/access/rate-limit-guesses.js';
import { createRateLimiter } from '../../src/access/rate-limit.js';
import { RateLimitedError } from '../../src/access/rate-limit-refusals.js';
import {
  createAuthentication,
  type AuthenticationOptions,
  type AuthenticatedRequest,
} from '../../src/access/authenticate-request.js';

const ALICE: Caller = createAuthenticatedCaller('token:alice', ALL_GRANTS, false);
const GOOD = { authorization: 'good' };

/** Lets `good` in, refuses the rest, for the reason behind a `:`; `late` and `bad-late` are decided later, `away` cannot be told. */
const authenticate: Authenticate = (headers) => {
  const authorization = String(headers['authorization']);
  const reason = authorization.split(':')[1] as UnauthenticatedReason | undefined;
  const decide = (): Caller => {
    if (authorization === 'away') throw new AuthenticationUnavailableError('away', 1_000);
    if (authorization !== 'good' && authorization !== 'late')
      throw new UnauthenticatedError(reason ?? 'bad_signature', 'no');
    return ALICE;
  };
  return authorization.endsWith('late') ? Promise.resolve().then(decide) : decide();
};

describe('createAuthentication', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  /** A server that lets requests in through an authentication; the outcome of each, asked by its headers. */
  async function start(options: Partial<AuthenticationOptions> = {}) {
    const authenticateRequest = createAuthentication({
      authenticate,
      guesses: null,
      points: null,
      trustedProxies: 0,
      ...options,
    });
    const outcomes: unknown[] = [];
    const server = createServer((request, response) => {
      const pass = async (): Promise<void> => {
        try {
          outcomes.push(await authenticateRequest(request));
        } catch (error) {
          outcomes.push(error);
        }
        response.end();
      };
      void pass();
    }).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return async (headers: Record<string, string> = {}): Promise<unknown> => {
      await fetch(`http://127.0.0.1:${port}`, { headers: { connection: 'close', ...headers } });
      return outcomes.pop();
    };
  }
  const points = (limit: number) => createRateLimiter({ limit, redis: null, keyPrefix: '' });

  it('says who was let in, and that nobody counts', async () => {
    const ask = await start();
    expect(await ask(GOOD)).toEqual({ caller: ALICE, points: null });
    expect(await ask({ authorization: 'late' })).toEqual({ caller: ALICE, points: null });
  });

  it('passes on why somebody was not', async () => {
    const ask = await start();
    expect(await ask()).toBeInstanceOf(UnauthenticatedError);
    expect(await ask({ authorization: 'bad-late' })).toBeInstanceOf(UnauthenticatedError);
    expect(await ask({ authorization: 'away' })).toBeInstanceOf(AuthenticationUnavailableError);
  });

  it('takes a point for each request of a caller, until there are none', async () => {
    const ask = await start({ points: points(3) });
    const remaining = [];
    for (const authorization of ['good', 'late', 'good']) {
      const request = (await ask({ authorization })) as AuthenticatedRequest;
      remaining.push([request.points?.cost, request.points?.remaining]);
    }
    expect(remaining).toEqual([
      [1, 2],
      [1, 1],
      [1, 0],
    ]);
    const refused = (await ask(GOOD)) as RateLimitedError;
    expect(refused).toBeInstanceOf(RateLimitedError);
    expect(refused.message).toBe(
      'This costs 1 of the 3 points that you have per minute, and 0 are left: ask for fewer calls, or try again later.',
    );
    expect(refused.retryAfterMs).toBeGreaterThan(0);
    expect(refused.retryAfterMs).toBeLessThanOrEqual(60_000);
  });

  it('takes none for who was not let in', async () => {
    const ask = await start({ points: points(1) });
    for (let time = 0; time < 5; time += 1) expect(await ask()).toBeInstanceOf(UnauthenticatedError);
    expect(await ask(GOOD)).toMatchObject({ points: { remaining: 0 } });
  });

  it.each(['bad', 'bad-late'])(
    'lets nobody in from an address that guesses, until a minute is over (%s)',
    async (end) => {
      let now = 1_000_000;
      const ask = await start({ guesses: createGuessLimiter(3, () => now) });
      for (let guess = 0; guess < 3; guess += 1) {
        expect(await ask(GOOD)).toMatchObject({ caller: ALICE });
        expect(await ask({ authorization: `${guess}-${end}` })).toBeInstanceOf(UnauthenticatedError);
      }
      now += 59_000;
      const refused = (await ask(GOOD)) as RateLimitedError;
      expect(refused).toBeInstanceOf(RateLimitedError);
      expect(refused.retryAfterMs).toBe(1_000);
      now += 1_000;
      expect(await ask(GOOD)).toMatchObject({ caller: ALICE });
    },
  );

  it('takes an API key for a guess as well as a token', async () => {
    const ask = await start({ guesses: createGuessLimiter(2, () => 0) });
    for (const guess of ['a', 'b']) expect(await ask({ 'x-api-key': guess })).toBeInstanceOf(UnauthenticatedError);
    expect(await ask(GOOD)).toBeInstanceOf(RateLimitedError);
  });

  it('takes neither the same credential again for a guess, nor one that could not be judged', async () => {
    const ask = await start({ guesses: createGuessLimiter(2, () => 0) });
    for (let time = 0; time < 5; time += 1) {
      expect(await ask({ authorization: 'bad' })).toBeInstanceOf(UnauthenticatedError);
      expect(await ask({ authorization: 'away' })).toBeInstanceOf(AuthenticationUnavailableError);
    }
    expect(await ask(GOOD)).toMatchObject({ caller: ALICE });
  });

  it.each(['expired', 'wrong_audience', 'wrong_issuer', 'unknown_kid', 'malformed', 'no_credential'])(
    'does not take a crowd of refused credentials for guesses that nobody forged (%s)',
    async (reason) => {
      const ask = await start({ guesses: createGuessLimiter(2, () => 0) });
      for (let n = 0; n < 5; n += 1) {
        expect(await ask({ authorization: `token ${n}:${reason}` })).toBeInstanceOf(UnauthenticatedError);
      }
      expect(await ask(GOOD)).toMatchObject({ caller: ALICE });
    },
  );

  it('gives each address points of its own where everybody may ask', async () => {
    const anonymous = createAnonymous(ALL_GRANTS, false);
    const ask = await start({ authenticate: () => anonymous, points: points(2), trustedProxies: 1 });
    const from = (address: string) => ask({ 'x-forwarded-for': address });
    const left = async (address: string) => ((await from(address)) as AuthenticatedRequest).points?.remaining;
    expect([await left('192.0.2.1'), await left('192.0.2.1'), await left('192.0.2.2')]).toEqual([1, 0, 1]);
    expect(await from('192.0.2.1')).toBeInstanceOf(RateLimitedError);
    expect(await from('192.0.2.2')).toMatchObject({ caller: { id: 'anonymous' } });
  });

  it('tells addresses apart by what a trusted proxy says of them, and by nothing else', async () => {
    const from = (address: string, authorization: string) => ({ authorization, 'x-forwarded-for': address });
    const behind = await start({ guesses: createGuessLimiter(1, () => 0), trustedProxies: 1 });
    await behind(from('192.0.2.1', 'bad'));
    expect(await behind(from('192.0.2.1', 'good'))).toBeInstanceOf(RateLimitedError);
    expect(await behind(from('192.0.2.2', 'good'))).toMatchObject({ caller: ALICE });
    const alone = await start({ guesses: createGuessLimiter(1, () => 0) });
    await alone(from('192.0.2.1', 'bad'));
    expect(await alone(from('192.0.2.2', 'good'))).toBeInstanceOf(RateLimitedError);
  });
});
