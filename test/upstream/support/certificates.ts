import { createHash, createSign, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';

/** A certificate and its private key, both PEM. */
export interface Certificate {
  cert: string;
  key: string;
}

type Address = readonly [number, number, number, number];
const LOOPBACK: Address = [127, 0, 0, 1];

/** A private authority made for one test run, and certificates that it signed: a server's for an address or a name, and a client's. */
export function createAuthority(
  name: string,
  place: Address | string = LOOPBACK,
): { ca: string; server: Certificate; client: Certificate } {
  const authority = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const sign = (subject: string, publicKey: KeyObject, of: CertificateRequest['place']): string =>
    certify({ subject, publicKey, issuer: name, signedBy: authority.privateKey, place: of });
  const certificate = (subject: string): Certificate => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
    return { cert: sign(subject, publicKey, place), key };
  };
  return {
    ca: sign(name, authority.publicKey, null),
    server: certificate(typeof place === 'string' ? place : place.join('.')),
    client: certificate('a client'),
  };
}

interface CertificateRequest {
  subject: string;
  publicKey: KeyObject;
  issuer: string;
  signedBy: KeyObject;
  /** The address or the name that a certificate is for; null makes an authority's. */
  place: Address | string | null;
}

const OID = {
  commonName: '0603550403',
  ecdsaWithSha256: '06082a8648ce3d040302',
  basicConstraints: '0603551d13',
  keyIdentifier: '0603551d0e',
  subjectAltName: '0603551d11',
};
const DAY_MS = 86_400_000;

/** One X.509 certificate, written in DER by hand: node can read them, not make them. Source: RFC 5280, section 4.1. */
function certify({ subject, publicKey, issuer, signedBy, place }: CertificateRequest): string {
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const algorithm = sequence(Buffer.from(OID.ecdsaWithSha256, 'hex'));
  const toBeSigned = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))), // version 3
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    distinguishedName(issuer),
    sequence(utcTime(Date.now() - DAY_MS), utcTime(Date.now() + DAY_MS)),
    distinguishedName(subject),
    spki,
    der(0xa3, sequence(...extensions(place, spki))),
  );
  const signature = createSign('sha256').update(toBeSigned).sign(signedBy);
  const whole = sequence(toBeSigned, algorithm, der(0x03, Buffer.from([0]), signature));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

function extensions(place: CertificateRequest['place'], spki: Buffer): Buffer[] {
  return [
    extension(OID.basicConstraints, sequence(...(place ? [] : [der(0x01, Buffer.from([0xff]))]))),
    extension(OID.keyIdentifier, der(0x04, createHash('sha1').update(spki).digest())),
    ...(place ? [extension(OID.subjectAltName, sequence(generalName(place)))] : []),
  ];
}

function generalName(place: Address | string): Buffer {
  return typeof place === 'string' ? der(0x82, Buffer.from(place)) : der(0x87, Buffer.from(place));
}

function extension(oid: string, value: Buffer): Buffer {
  return sequence(Buffer.from(oid, 'hex'), der(0x04, value));
}

function distinguishedName(commonName: string): Buffer {
  return sequence(der(0x31, sequence(Buffer.from(OID.commonName, 'hex'), der(0x0c, Buffer.from(commonName)))));
}

function utcTime(instantMs: number): Buffer {
  const text = new Date(instantMs).toISOString().replace(/[-:T]|\.\d{3}/g, '');
  return der(0x17, Buffer.from(text.slice(2)));
}

function sequence(...parts: Buffer[]): Buffer {
  return der(0x30, ...parts);
}

function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const size = content.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}
