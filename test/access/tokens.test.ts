import { createHmac, randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { CompactSign, exportSPKI, UnsecuredJWT } from 'jose';
import { UnauthenticatedError, type Caller, type UnauthenticatedReason } from '../../src/access/caller.js';
import { createKeySet, parseJwks } from '../../src/access/jwks.js';
import type { KeySet, KeySource } from '../../src/access/token-keys.js';
import type { TokenRules } from '../../src/access/token-verification.js';
import { createTokens, REFUSAL_MS } from '../../src/access/tokens.js';
import { claims, createSigningKey, NOW, RULES, sign, type SigningKey } from './support/issuer.js';

const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];
const SECONDS = NOW / 1000;

describe('createTokens', () => {
  const keys = new Map<string, SigningKey>();
  let key: SigningKey;
  beforeAll(async () => {
    for (const alg of ALGORITHMS) keys.set(alg, await createSigningKey(`key-${alg}`, alg));
    key = keyFor('ES256');
  });
  const keyFor = (alg: string): SigningKey => {
    const found = keys.get(alg);
    if (!found) throw new Error(`no key for ${alg}`);
    return found;
  };
  const textOf = (signing: Iterable<SigningKey>): string =>
    JSON.stringify({ keys: [...signing].map(({ jwk }) => jwk) });

  /** Keys that change when they are told to, and how often they were looked at by a token not seen before. */
  function createSource(text = textOf(keys.values())) {
    const setOf = (published: string): KeySet => createKeySet(parseJwks(published));
    let set = setOf(text);
    let loads = 0;
    const source: KeySource = {
      current: () => set,
      load: () => {
        loads += 1;
        return Promise.resolve(set);
      },
      reload: () => Promise.resolve(set),
      close: () => undefined,
    };
    return {
      source,
      change: (next: string) => void (set = setOf(next)),
      get loads() {
        return loads;
      },
    };
  }
  const open = (rules: Partial<TokenRules> = {}, now: () => number = () => NOW) =>
    createTokens({ ...RULES, ...rules }, createSource().source, now);

  const refused = async (token: string, reason: UnauthenticatedReason, message = /^The token is not valid here: /) => {
    const error: unknown = await Promise.resolve()
      .then(() => open()(token))
      .then(
        () => null,
        (reason: unknown) => reason,
      );
    expect(error).toBeInstanceOf(UnauthenticatedError);
    expect(error).toMatchObject({ challenge: 'Bearer error="invalid_token"', reason });
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).not.toContain(token.slice(0, 20));
  };

  describe('a good token', () => {
    it.each(ALGORITHMS)('may be signed with %s', async (alg) => {
      expect(await open()(await sign(keyFor(alg)))).toMatchObject({ id: 'token:alice' });
    });

    it('lets its bearer ask for what its claim lists, and nothing else', async () => {
      const { grants } = await open()(await sign(key, { vdns: ['1/170', '2/*'] }));
      expect([grants.allows(1, 170), grants.allows(2, 9), grants.allows(1, 171), grants.allows(3, 170)]).toEqual([
        true,
        true,
        false,
        false,
      ]);
    });

    it('may list it as one text, and in a claim of another name', async () => {
      const { grants } = await open({ vdnsClaim: 'https://id.example/vdns' })(
        await sign(key, { vdns: ['*/*'], 'https://id.example/vdns': '1/170  1/171' }),
      );
      expect([170, 171, 172].map((vdn) => grants.allows(1, vdn))).toEqual([true, true, false]);
    });

    it.each([
      ['no claim', undefined],
      ['an empty list', []],
      ['an empty text', ''],
    ])('lets its bearer ask for nothing if it has %s', async (_, vdns) => {
      const { id, grants } = await open()(await sign(key, { vdns }));
      expect(id).toBe('token:alice');
      expect(grants.allows(1, 170)).toBe(false);
    });

    it('takes no claim from the prototype of all objects', async () => {
      const { grants } = await open({ vdnsClaim: 'constructor' })(await sign(key));
      expect(grants.allows(1, 170)).toBe(false);
    });

    it.each([
      [{ scope: 'read numbers' }, true],
      [{ scp: ['read', 'numbers'] }, true],
      [{ scp: 'numbers' }, true],
      [{ scope: 'read', scp: [] }, false],
      [{ scope: 'numbers-of-others' }, false],
      [{ scope: [['numbers']] }, false],
      [{}, false],
    ])('with %j shows phone numbers whole: %s', async (scopes, seesNumbers) => {
      expect(await open()(await sign(key, scopes))).toMatchObject({ seesNumbers });
    });

    it('shows them by a scope of another name, and then not by the usual one', async () => {
      const tokens = open({ numbersScope: 'cms.numbers' });
      expect(await tokens(await sign(key, { scope: 'cms.numbers' }))).toMatchObject({ seesNumbers: true });
      expect(await tokens(await sign(key, { scope: 'numbers' }))).toMatchObject({ seesNumbers: false });
    });

    it('may be for several audiences', async () => {
      expect(await open()(await sign(key, { aud: ['others', RULES.audience] }))).toMatchObject({ id: 'token:alice' });
    });

    it('may be off by the tolerance, at either end', async () => {
      const tokens = open();
      for (const changes of [{ exp: SECONDS - 29 }, { nbf: SECONDS + 30 }]) {
        expect(await tokens(await sign(key, changes))).toMatchObject({ id: 'token:alice' });
      }
    });
  });

  describe('whoever bears it', () => {
    it.each(['alice', 'alice@example.com', 'auth0|5f7c', 'a'.repeat(64)])(
      'is called by its subject: %s',
      async (sub) => {
        expect(await open()(await sign(key, { sub }))).toMatchObject({ id: `token:${sub}` });
      },
    );

    it('is called by something harmless where the subject is long or odd, and by nothing else’s name', async () => {
      const odd = ['a'.repeat(65), 'a b', 'a\nb', 'a_b~', '张三', '\u001b[31m', '', '\ud800', 'a'.repeat(5000)];
      const tokens = open();
      const ids: string[] = [];
      for (const sub of odd) ids.push((await tokens(await sign(key, { sub }))).id);
      for (const id of ids) expect(id).toMatch(/^token:[\w.@:|+~-]{17,64}$/);
      expect(new Set(ids).size).toBe(odd.length);
    });
  });

  describe('a bad token', () => {
    it('is refused if it is not signed (alg none)', async () => {
      const unsigned = new UnsecuredJWT(claims()).encode();
      await refused(unsigned, 'wrong_algorithm');
      const [, , signature] = (await sign(key)).split('.');
      await refused(`${unsigned}${signature ?? ''}`, 'wrong_algorithm');
    });

    it.each(['HS256', 'none'])('is refused if its header says %s and the public key is the secret', async (alg) => {
      const pem = await exportSPKI(keyFor('RS256').publicKey);
      const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
      const head = `${encode({ alg, kid: 'key-RS256', typ: 'JWT' })}.${encode(claims())}`;
      for (const secret of [pem, pem.trim(), JSON.stringify(keyFor('RS256').jwk)]) {
        await refused(`${head}.${createHmac('sha256', secret).update(head).digest('base64url')}`, 'wrong_algorithm');
      }
    });

    it('is refused if its algorithm is not one of those that are pinned', async () => {
      const token = await sign(key);
      await expect(async () => open({ algorithms: ['RS256'] })(token)).rejects.toThrow(UnauthenticatedError);
    });

    it('is refused if somebody else signed it under the name of a key that is known', async () => {
      await refused(await sign({ ...(await createSigningKey('other')), kid: key.kid }), 'bad_signature');
    });

    it('is refused if it brings its own key', async () => {
      const own = await createSigningKey('own');
      await refused(await sign(own, {}, { jwk: own.jwk }), 'unknown_kid');
      await refused(
        await sign(own, {}, { kid: key.kid, jwk: own.jwk, jku: 'http://127.0.0.1:9/keys' }),
        'bad_signature',
      );
    });

    it('is refused if it was changed', async () => {
      const [head = '', , signature = ''] = (await sign(key)).split('.');
      const other = Buffer.from(JSON.stringify(claims({ vdns: ['*/*'] }))).toString('base64url');
      await refused(`${head}.${other}.${signature}`, 'bad_signature');
    });

    it.each<[string, UnauthenticatedReason, Readonly<Record<string, unknown>>]>([
      ['of another issuer', 'wrong_issuer', { iss: 'https://id.example.evil' }],
      ['of no issuer', 'wrong_issuer', { iss: undefined }],
      ['for another audience', 'wrong_audience', { aud: 'other' }],
      ['for no audience', 'wrong_audience', { aud: undefined }],
      ['for ever', 'bad_claims', { exp: undefined }],
      ['for a time that is none', 'bad_claims', { exp: 'tomorrow' }],
      ['not good yet', 'not_yet_valid', { nbf: SECONDS + 32 }],
      ['of nobody', 'bad_claims', { sub: undefined }],
    ])('is refused if it is %s', async (_, reason, changes) => {
      await refused(await sign(key, changes), reason);
    });

    it('is refused if it has expired, and that is said', async () => {
      await refused(await sign(key, { exp: SECONDS - 30 }), 'expired', /^The token has expired: send a new one\.$/);
    });

    it('is not told that it has expired if it is not of the issuer', async () => {
      await refused(
        await sign({ ...(await createSigningKey('other')), kid: key.kid }, { exp: SECONDS - 60 }),
        'bad_signature',
      );
    });

    it.each([
      [{ vdns: ['1/170', '1/170:write'] }],
      [{ vdns: { '1/170': true } }],
      [{ vdns: [170] }],
      [{ vdns: null }],
      [{ sub: 17 }],
    ])('is refused if it claims what cannot be understood: %j', async (changes) => {
      await refused(
        await sign(key, changes),
        'bad_claims',
        /^The token is good, but not its claims: sub must .* vdns a list such as/,
      );
    });

    it.each([
      'garbage',
      'a.b',
      'a.b.c',
      '..',
      'e30.e30.e30',
      `${'a'.repeat(8000)}.b.c`,
      'null.null.null',
      Buffer.from('{"alg":"ES256"}').toString('base64url'),
    ])('is refused if it is none (%#)', async (text) => {
      await refused(text, 'malformed');
    });

    it('is refused if what is signed is no object, or asks for what is not understood', async () => {
      const signed = (payload: string, header: Readonly<Record<string, unknown>> = {}) =>
        new CompactSign(Buffer.from(payload))
          .setProtectedHeader({ alg: 'ES256', kid: key.kid, ...header })
          .sign(key.privateKey, { crit: { odd: true } });
      for (const payload of ['"text"', '[]', 'null', '{', '']) await refused(await signed(payload), 'malformed');
      await refused(await signed(JSON.stringify(claims()), { crit: ['odd'], odd: 1 }), 'malformed');
    });

    it('is refused before it is read if it is longer than any honest one', () => {
      const source = createSource();
      const tokens = createTokens(RULES, source.source, () => NOW);
      expect(() => tokens(randomBytes(6145).toString('base64url'))).toThrow(UnauthenticatedError);
      expect(source.loads).toBe(0);
    });
  });

  describe('keys without names', () => {
    it('are all tried', async () => {
      const others = [await createSigningKey('a'), await createSigningKey('b')];
      const nameless = [...others, key].map((one) => {
        const { kid, ...jwk } = one.jwk;
        return { ...one, jwk, was: kid };
      });
      const tokens = createTokens(RULES, createSource(textOf(nameless)).source, () => NOW);
      expect(await tokens(await sign(key, {}, { kid: undefined }))).toMatchObject({ id: 'token:alice' });
      const stranger = await createSigningKey('c');
      await expect(async () => tokens(await sign(stranger, {}, { kid: undefined }))).rejects.toThrow(
        UnauthenticatedError,
      );
    });
  });

  describe('a token seen before', () => {
    let now = NOW;
    const remember = async (changes: Readonly<Record<string, unknown>> = {}) => {
      now = NOW;
      const source = createSource();
      const tokens = createTokens(RULES, source.source, () => now);
      const token = await sign(key, changes);
      const first = await tokens(token);
      return { source, tokens, token, first };
    };

    it('is answered for at once, without another look', async () => {
      const { source, tokens, token, first } = await remember();
      expect(tokens(token)).toBe(first);
      expect(source.loads).toBe(1);
    });

    it('is refused at once, without another look, for as long as the keys may not be asked for again', async () => {
      now = NOW;
      const source = createSource();
      const tokens = createTokens(RULES, source.source, () => now);
      const forged = await sign({ ...(await createSigningKey('other')), kid: key.kid });
      const showForged = () => expect(async () => tokens(forged)).rejects.toMatchObject({ reason: 'bad_signature' });
      for (let n = 0; n < 5; n += 1) await showForged();
      now += REFUSAL_MS - 1;
      await showForged();
      expect(source.loads).toBe(1);
      now += 1;
      await showForged();
      expect(source.loads).toBe(2);
    });

    it('is verified anew if it was refused by other keys', async () => {
      const source = createSource(textOf([keyFor('RS256')]));
      const tokens = createTokens(RULES, source.source, () => NOW);
      const token = await sign(key);
      await expect(async () => tokens(token)).rejects.toMatchObject({ reason: 'unknown_kid' });
      source.change(textOf([key]));
      expect(await tokens(token)).toMatchObject({ id: 'token:alice' });
    });

    it('is good from the moment it says, though it was refused before', async () => {
      now = NOW;
      const tokens = createTokens(RULES, createSource().source, () => now);
      const token = await sign(key, { nbf: SECONDS + 32 });
      await expect(async () => tokens(token)).rejects.toMatchObject({ reason: 'not_yet_valid' });
      now += 2_000;
      expect(await tokens(token)).toMatchObject({ id: 'token:alice' });
    });

    it('has expired when it says so', async () => {
      const { tokens, token, first } = await remember({ exp: SECONDS + 60 });
      now = NOW + 89_999;
      expect(tokens(token)).toBe(first);
      now = NOW + 90_000;
      await expect(async () => tokens(token)).rejects.toThrow(/has expired/);
    });

    it('is verified anew once the keys are others, and refused if its own is gone', async () => {
      const { source, tokens, token, first } = await remember();
      source.change(textOf([key]));
      const again = tokens(token);
      expect(again).toBeInstanceOf(Promise);
      expect(await again).toEqual({ ...first, grants: expect.anything() as unknown as Caller['grants'] });
      source.change(textOf([keyFor('RS256')]));
      await expect(async () => tokens(token)).rejects.toThrow(UnauthenticatedError);
    });

    it('is cached under its whole text', async () => {
      const { tokens, token } = await remember();
      const flipped = token.endsWith('A') ? 'B' : 'A';
      for (const other of [`${token.slice(0, -8)}${flipped}${token.slice(-7)}`, token.slice(0, -4)]) {
        await expect(async () => tokens(other)).rejects.toThrow(UnauthenticatedError);
      }
    });

    it('is one of ten thousand: the one not seen for longest is verified anew', async () => {
      const { source, tokens, token, first } = await remember();
      const others: string[] = [];
      const showAnother = async () => {
        others.push(await sign(keyFor('EdDSA'), { sub: `other-${others.length}` }));
        await tokens(others.at(-1) ?? '');
      };
      while (others.length < 9_999) await showAnother();
      expect(tokens(token)).toBe(first);
      expect(source.loads).toBe(10_000);
      await showAnother();
      expect(tokens(token)).toBe(first);
      expect(tokens(others[1] ?? '')).not.toBeInstanceOf(Promise);
      expect(tokens(others[0] ?? '')).toBeInstanceOf(Promise);
    });
  });
});
