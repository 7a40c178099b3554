import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { SignJWT } from 'jose';
import { AuthenticationUnavailableError, UnauthenticatedError } from '../../src/access/caller.js';
import { createPemKeys, describePem, parsePem, PublicKeysError, type KeySet } from '../../src/access/token-keys.js';
import { createTokens } from '../../src/access/tokens.js';
import { claims, NOW, RULES } from './support/issuer.js';

const spki = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString();
const pkcs8 = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

/** A certificate, and a token that was signed with its key, which nobody has any more. */
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBgTCCASegAwIBAgIUddugt2o1Ud23onIg3uqGApCaUbwwCgYIKoZIzj0EAwIw
FTETMBEGA1UEAwwKaWQuZXhhbXBsZTAgFw0yNjExMjIyMjAzMDRaGA8yMTI2MTAy
OTIyMDMwNFowFTETMBEGA1UEAwwKaWQuZXhhbXBsZTBZMBMGByqGSM49AgEGCCqG
SM49AwEHA0IABD7Yktdtng+5jn4yEs6l5L8xZcvHP2ilIAtJitcvLI4Lfzs+giFe
pDMDLbkbMbwoaUJIDLziSFOlGCIIfaA0CJCjUzBRMB0GA1UdDgQWBBS3WtKKWmsW
mgdAcQwsi3PreJfHVTAfBgNVHSMEGDAWgBS3WtKKWmsWmgdAcQwsi3PreJfHVTAP
BgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIQDi5mPuMbCbOBQcs6IV
WCqhDdR7nlA5tf2p/XtmbEHnawIgXp+iMCePZ+L9y4CVySK8Cp83kOpYLzAIykiv
wivcChc=
-----END CERTIFICATE-----`;
const TOKEN_BY_ITS_KEY =
  'eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJodHRwczovL2lkLmV4YW1wbGUiLCJhdWQiOiJ0cmFjZXMiLCJzdWIiOiJhbGljZSIsImlhdCI6MTgwMDAwMDAwMCwiZXhwIjoxODAwMDAzNjAwLCJ2ZG5zIjpbIjEvMTcwIl19.gPhyxkwLTCy8YOWXQSRKN9z6e0VQH0JGykL7AXSEv3f42h-FC1zwvLko0-eksIxjg1iAStlYj-Oy-UDMdI39IA';

describe('parsePem', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const otherEc = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ed = generateKeyPairSync('ed25519');
  const all = [rsa, ec, otherEc, ed].map(({ publicKey }) => spki(publicKey)).join('\nissued in spring:\n');

  const tokenBy = (key: KeyObject, alg: string, kid = 'any') =>
    new SignJWT(claims()).setProtectedHeader({ alg, kid }).sign(key);
  /** Tokens by keys of a file that is read whenever it is asked for; null: it is too old to be used. */
  const open = (text: () => string | null) => {
    let read: string | null = null;
    let keys: KeySet | null = null;
    const value = (): KeySet | null => {
      const latest = text();
      if (latest !== read) keys = latest === null ? null : parsePem(latest);
      read = latest;
      return keys;
    };
    return createTokens(RULES, createPemKeys({ name: 'AUTH_PUBLIC_KEY_FILE', value, ageMs: () => 0 }), () => NOW);
  };

  it('takes several keys of several kinds, whatever name a token gives its key', async () => {
    const tokens = open(() => all);
    for (const [key, alg] of [
      [rsa, 'RS256'],
      [rsa, 'PS256'],
      [ec, 'ES256'],
      [otherEc, 'ES256'],
      [ed, 'EdDSA'],
    ] as const) {
      expect(await tokens(await tokenBy(key.privateKey, alg))).toMatchObject({ id: 'token:alice' });
    }
    const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const token = await tokenBy(stranger.privateKey, 'ES256');
    await expect(async () => tokens(token)).rejects.toThrow(UnauthenticatedError);
  });

  it('takes a certificate', async () => {
    expect(await open(() => CERTIFICATE)(TOKEN_BY_ITS_KEY)).toMatchObject({ id: 'token:alice' });
  });

  it.each([
    ['nothing', '', /a public key or certificate/],
    ['no PEM', 'ssh-ed25519 AAAA', /a public key or certificate/],
    ['a private key', pkcs8(ed.privateKey), /public keys alone: a private one/],
    ['a private key among others', all + pkcs8(rsa.privateKey), /public keys alone: a private one/],
    ['rubbish in a PEM block', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----', /cannot be read/],
    ['a short key', spki(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey), /2048 bits/],
    ['a key that signs nothing', spki(generateKeyPairSync('x25519').publicKey), /RSA, EC or Ed25519/],
  ])('does not take %s', (_, text, problem) => {
    expect(() => parsePem(text)).toThrow(PublicKeysError);
    expect(() => parsePem(text)).toThrow(problem);
  });

  it('follows a file that changes: keys that are gone open nothing more', async () => {
    let text = spki(rsa.publicKey);
    const tokens = open(() => text);
    const [byRsa, byEd] = [await tokenBy(rsa.privateKey, 'RS256'), await tokenBy(ed.privateKey, 'EdDSA')];
    const first = await tokens(byRsa);
    expect(tokens(byRsa)).toBe(first);
    await expect(async () => tokens(byEd)).rejects.toThrow(UnauthenticatedError);
    text = spki(ed.publicKey);
    expect(await tokens(byEd)).toMatchObject({ id: 'token:alice' });
    await expect(async () => tokens(byRsa)).rejects.toThrow(UnauthenticatedError);
  });

  it('cannot tell while the file is too old to be used', async () => {
    let text: string | null = spki(rsa.publicKey);
    const tokens = open(() => text);
    const token = await tokenBy(rsa.privateKey, 'RS256');
    await tokens(token);
    text = null;
    await expect(async () => tokens(token)).rejects.toThrow(AuthenticationUnavailableError);
  });
});

describe('describePem', () => {
  it('tells how many keys there are', () => {
    expect(describePem(parsePem(CERTIFICATE + CERTIFICATE))).toEqual({ fields: { keys: 2 } });
  });
});
