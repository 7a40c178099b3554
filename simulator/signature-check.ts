import { createHmac, timingSafeEqual } from 'node:crypto';

/** A request as it came over the wire. */
export interface SignedRequest {
  method: string;
  /** Path with its query, as sent. */
  target: string;
  /** Names in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  body: string;
}

/** Null if the signature holds, else why it is refused. */
export type Refusal = string | null;

interface Credentials {
  accessKey: string;
  /** Everything before the signature. */
  prefix: string;
  signedNames: string[];
  signature: string;
}

const SCHEME = 'auth-v2';
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{3})?Z$/;
const SIGNATURE = /^[0-9a-f]{64}$/;

/**
 * Checks the header `Authorization` of the scheme `auth-v2`. Which headers are signed, and whether the time has
 * milliseconds, is read from the header itself. The documents leave open whether a request without a query has an empty
 * query line in what is signed, so both forms are accepted. No source states how long a signature lives: any time passes.
 */
export function checkSignature(request: SignedRequest, secretOf: (accessKey: string) => string | undefined): Refusal {
  const authorization = request.headers['authorization'];
  if (authorization === undefined) return 'The header Authorization is missing';
  const credentials = parseCredentials(authorization);
  if (typeof credentials === 'string') return credentials;
  const absent = credentials.signedNames.find((name) => request.headers[name] === undefined);
  if (absent !== undefined) return `The signed header ${absent} is missing`;

  const secretKey = secretOf(credentials.accessKey);
  if (secretKey === undefined) return 'The access key is unknown';
  const signingKey = hmac(secretKey, credentials.prefix);
  const expected = canonicalForms(request, credentials.signedNames).map((form) => hmac(signingKey, form));
  // Every form is compared, so that the time taken does not tell which one matched.
  const matches = expected.map((signature) =>
    timingSafeEqual(Buffer.from(signature), Buffer.from(credentials.signature)),
  );
  return matches.includes(true) ? null : 'The signature does not match';
}

function parseCredentials(authorization: string): Credentials | string {
  const parts = authorization.split('/');
  if (parts[0] !== SCHEME || parts.length < 5)
    return `Authorization is not of the form ${SCHEME}/key/time/headers/signature`;
  const [timestamp = '', names = '', signature = ''] = parts.slice(-3);
  if (!TIMESTAMP.test(timestamp) || Number.isNaN(Date.parse(timestamp)))
    return 'The time is not a UTC time of ISO 8601';
  if (!SIGNATURE.test(signature)) return 'The signature is not 64 lower-case hexadecimal digits';
  const signedNames = names.split(';');
  const canonicalNames = [...new Set(signedNames.map((name) => name.trim().toLowerCase()))].sort();
  if (canonicalNames.join(';') !== names) return 'The signed headers are not lower-case, sorted and distinct';
  if (!signedNames.includes('host')) return 'The header host is not signed';
  if (signedNames.includes('authorization')) return 'The header authorization cannot sign itself';
  return {
    accessKey: parts.slice(1, -3).join('/'),
    prefix: parts.slice(0, -1).join('/'),
    signedNames,
    signature,
  };
}

/** The texts that a right signature may cover: one if there is a query, else one without and one with its empty line. */
function canonicalForms(request: SignedRequest, signedNames: readonly string[]): string[] {
  const [path = '', query = ''] = splitOnce(request.target, '?');
  const head = [request.method.toUpperCase(), path];
  const headerLines = signedNames.map((name) => `${encode(name)}:${encode((request.headers[name] ?? '').trim())}`);
  const tail = [signedNames.join(';'), ...headerLines, encode(request.body)];
  const queryLines = query === '' ? [[], ['']] : [[canonicalQuery(query)]];
  return queryLines.map((line) => [...head, ...line, ...tail].join('\n'));
}

function canonicalQuery(query: string): string {
  const pairs = [...new URLSearchParams(query)];
  return pairs
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}

/** Every byte of the UTF-8 text but letters, digits and `-._~` becomes `%` and two upper-case hexadecimal digits. */
function encode(text: string): string {
  let encoded = '';
  for (const byte of Buffer.from(text, 'utf8')) {
    const character = String.fromCharCode(byte);
    encoded += /[A-Za-z0-9\-._~]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return encoded;
}

function hmac(key: string, message: string): string {
  return createHmac('sha256', key).update(message, 'utf8').digest('hex');
}
