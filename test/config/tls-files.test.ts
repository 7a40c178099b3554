import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { tlsProblems, type TlsFiles } from '../../src/config/tls-files.js';
import { createAuthority } from '../upstream/support/certificates.js';

const NONE: TlsFiles = { cmsCa: undefined, cmsCert: undefined, cmsKey: undefined, redisCa: undefined };
const DAY_MS = 86_400_000;

describe('tlsProblems', () => {
  const ours = createAuthority('ours');
  const other = createAuthority('other');
  const problems = (files: Partial<TlsFiles>, passedMs = 0): string[] =>
    tlsProblems({ ...NONE, ...files }, Date.now() + passedMs);

  it('has nothing against files that fit, or against none', () => {
    expect(problems({})).toEqual([]);
    const { cert, key } = ours.client;
    expect(problems({ cmsCa: ours.ca + other.ca, cmsCert: cert, cmsKey: key, redisCa: ours.ca })).toEqual([]);
    expect(problems({ cmsCert: cert + ours.ca, cmsKey: key })).toEqual([]);
  });

  it('takes a bundle in which one authority is valid', () => {
    const later = Date.now();
    expect(tlsProblems({ ...NONE, cmsCa: ours.ca }, later + 2 * DAY_MS)).toHaveLength(1);
    const [newer] = withClockAhead(3 * DAY_MS);
    expect(tlsProblems({ ...NONE, cmsCa: ours.ca + newer }, later + 3 * DAY_MS)).toEqual([]);
    expect(tlsProblems({ ...NONE, cmsCa: newer }, later)).toEqual([
      expect.stringMatching(
        /^CMS_CA_FILE must hold a certificate that is valid now: that of CN=newer is not valid before /,
      ),
    ]);
  });

  it('wants the whole chain readable, and a key that is there, plain and of the certificate', () => {
    const broken = ours.ca.replace(/[A-Za-z0-9+/]{20}/, 'A'.repeat(20));
    expect(problems({ cmsCa: ours.ca + broken })).toEqual([
      'CMS_CA_FILE must hold certificates (PEM): number 2 cannot be read',
    ]);
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const encrypted = privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' });
    expect(problems({ cmsKey: encrypted.toString() })).toEqual([
      'CMS_KEY_FILE must hold a private key that is not encrypted: there is no setting for its password',
    ]);
    const keyOfAnother = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(problems({ cmsCert: ours.client.cert, cmsKey: keyOfAnother })).toEqual([
      'CMS_KEY_FILE must hold the key of the certificate in CMS_CERT_FILE: this one is of another',
    ]);
    expect(problems({ cmsKey: keyOfAnother.replace(/\n.{20}/, '\nAAAAAAAAAAAAAAAAAAAA') })).toEqual([
      'CMS_KEY_FILE must hold a private key (PEM): it cannot be read',
    ]);
  });

  it('tells DER from other things that are no PEM', () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const der = privateKey.export({ type: 'pkcs8', format: 'der' }).toString('utf8');
    expect(problems({ cmsKey: der, redisCa: '0 is no certificate' })).toEqual([
      'CMS_KEY_FILE must hold a private key (PEM), which begins with -----BEGIN PRIVATE KEY-----; this looks like DER: convert it with openssl',
      'REDIS_CA_FILE must hold certificates (PEM), which begin with -----BEGIN CERTIFICATE-----',
    ]);
  });

  it('repeats nothing of what a file holds', () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const body = pem.split('\n')[1] ?? '';
    expect(problems({ cmsCa: pem, cmsCert: pem, redisCa: pem }).join()).not.toContain(body);
  });
});

/** The certificate of an authority that is made so much later. */
function withClockAhead(ms: number): [ca: string] {
  const { now } = Date;
  Date.now = () => now() + ms;
  try {
    return [createAuthority('newer').ca];
  } finally {
    Date.now = now;
  }
}
