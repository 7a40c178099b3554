import { createServer, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK, type JWTPayload } from 'jose';
import type { TokenRules } from '../../../src/access/token-verification.js';

/** A pair of keys that an issuer signs with. */
export interface SigningKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly jwk: JWK;
}

/** An issuer of tokens that publishes its keys over HTTP. */
export interface Issuer {
  /** Of its JSON Web Key Set. */
  readonly url: string;
  /** How often it was asked for its keys. */
  readonly asked: number;
  /** What it publishes from now on. */
  publish(...keys: readonly SigningKey[]): void;
  /** How it answers from now on, in place of publishing keys. */
  answer(handler: ((response: ServerResponse) => void) | null): void;
  close(): Promise<void>;
}

export const RULES: TokenRules = {
  issuer: 'https://id.example',
  audience: 'traces',
  algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
  clockToleranceSeconds: 30,
  vdnsClaim: 'vdns',
  numbersScope: 'numbers',
};

/** The time of these tests. Unit: ms since 1970-01-01 UTC. */
export const NOW = 1_800_000_000_000;

/** A fresh pair of keys. */
export async function createSigningKey(kid: string, alg = 'ES256'): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, publicKey, jwk: { ...(await exportJWK(publicKey)), kid, use: 'sig', alg } };
}

/** What a good token claims, with changes; undefined takes a claim away. */
export function claims(changes: Readonly<Record<string, unknown>> = {}): JWTPayload {
  const all: Record<string, unknown> = {
    iss: RULES.issuer,
    aud: RULES.audience,
    sub: 'alice',
    iat: NOW / 1000,
    exp: NOW / 1000 + 3600,
    vdns: ['1/170'],
    ...changes,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** A token signed with a key, good but for the changes to its claims and header. */
export function sign(
  key: SigningKey,
  changes: Readonly<Record<string, unknown>> = {},
  header: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  return new SignJWT(claims(changes))
    .setProtectedHeader({ alg: key.alg, kid: key.kid, ...header })
    .sign(key.privateKey);
}

/** Starts an issuer on a free port. */
export async function startIssuer(...first: readonly SigningKey[]): Promise<Issuer> {
  let keys = first;
  let asked = 0;
  let handler: ((response: ServerResponse) => void) | null = null;
  const server = createServer((_, response) => {
    asked += 1;
    if (handler) return handler(response);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/keys`,
    get asked() {
      return asked;
    },
    publish: (...next) => void (keys = next),
    answer: (next) => void (handler = next),
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
