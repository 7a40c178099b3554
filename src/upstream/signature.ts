import { createHmac } from 'node:crypto';

/** The request to sign, as it is sent. */
export interface SignableRequest {
  readonly method: string;
  /** With the query, if there is one. */
  readonly url: URL;
  /** The headers as sent; those named in `signedHeaders` must be among them. */
  readonly headers: Readonly<Record<string, string>>;
  /** Exactly the text that is sent; empty if there is no body. */
  readonly body: string;
}

/** Returns a secret. Call it for each use: the file that holds the secret may change. */
export type Secret = () => string;

/** A pair of keys. */
export interface KeyPair {
  readonly accessKey: Secret;
  readonly secretKey: Secret;
}

/** The keys, and the three points in which deployments of `auth-v2` differ. */
export interface SignatureOptions extends KeyPair {
  /** Default: seconds, as the vendor's demo writes the time. */
  readonly timestamp?: 'seconds' | 'milliseconds' | undefined;
  /** Names of the headers to sign, `host` among them. Default: host alone. */
  readonly signedHeaders?: readonly string[] | undefined;
  /** True: a request without a query signs an empty line in its place. Default: no line. */
  readonly emptyQueryLine?: boolean | undefined;
  /** Unit: ms since 1970-01-01 UTC. */
  readonly now: () => number;
}

/**
 * Returns the signer of scheme `auth-v2`. AK, time and header names form the prefix. The signing key is the HMAC of the
 * prefix with the secret key. The signature is the HMAC of the canonical request with the hex digits of the signing key.
 * Source: "C2 Monitoring, System Outbound Call, CDR, and Knowledge Base Interface Authentication".
 */
export function createSigner(options: SignatureOptions): (request: SignableRequest) => string {
  const { accessKey, secretKey, now } = options;
  const { timestamp = 'seconds', signedHeaders = ['host'], emptyQueryLine = false } = options;
  const names = signedHeaders.map((name) => name.toLowerCase()).sort();
  /** The signing key of the latest prefix, valid for a second or a millisecond. */
  let signing = { prefix: '', secret: '', key: '' };
  return (request) => {
    const time = new Date(now()).toISOString();
    const writtenTime = timestamp === 'seconds' ? time.replace(/\.\d{3}Z$/, 'Z') : time;
    const prefix = `auth-v2/${accessKey()}/${writtenTime}/${names.join(';')}`;
    const secret = secretKey();
    if (signing.prefix !== prefix || signing.secret !== secret) signing = { prefix, secret, key: hmac(secret, prefix) };
    return `${prefix}/${hmac(signing.key, canonicalRequest(request, names, emptyQueryLine))}`;
  };
}

/** Percent-encodes the UTF-8 bytes of a text, except `A–Z a–z 0–9 - . _ ~`. */
export function encodeStrictly(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

function canonicalRequest(request: SignableRequest, names: readonly string[], emptyQueryLine: boolean): string {
  const parameters = [...request.url.searchParams].map((parameter) => parameter.map(encodeStrictly).join('='));
  const query = parameters.sort().join('&');
  return [
    request.method.toUpperCase(),
    decodeURI(request.url.pathname),
    ...(query !== '' || emptyQueryLine ? [query] : []),
    names.join(';'),
    ...canonicalHeaders(request.headers, names),
    encodeStrictly(request.body),
  ].join('\n');
}

function canonicalHeaders(headers: Readonly<Record<string, string>>, names: readonly string[]): string[] {
  const values = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value.trim()]));
  return names.map((name) => {
    const value = values.get(name);
    if (value === undefined) throw new Error(`cannot sign header ${name}: the request does not send it`);
    return `${encodeStrictly(name)}:${encodeStrictly(value)}`;
  });
}

function hmac(key: string, message: string): string {
  return createHmac('sha256', key).update(message).digest('hex');
}
