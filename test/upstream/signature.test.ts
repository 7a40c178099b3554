import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import {
  createSigner,
  encodeStrictly,
  type SignableRequest,
  type SignatureOptions,
} from '../../src/upstream/signature.js';

/** Invented keys; the vectors were computed twice, apart from this code. */
const KEYS = { accessKey: () => 'exampleak', secretKey: () => 'example-sk-not-real' };
const SIGNED_AT = Date.parse('2024-10-31T14:06:52.123Z');
const BODY = '{"ccId":1,"vdn":170,"callId":"1678978542-92","logDate":1678978542000}';
const REQUEST: SignableRequest = {
  method: 'POST',
  url: new URL('https://cms.example.com:28443/rest/cmsapp/v1/openapi/vdn/querycalltracedetail'),
  headers: {
    host: 'cms.example.com:28443',
    'content-type': 'application/json;charset=UTF-8',
    'content-length': '69',
  },
  body: BODY,
};
const THREE_HEADERS = ['content-length', 'content-type', 'host'];

function sign(request: SignableRequest, options: Partial<SignatureOptions> = {}): string {
  return createSigner({ ...KEYS, now: () => SIGNED_AT, ...options })(request);
}

describe('createSigner', () => {
  it('gives vector V1: seconds, the host alone, no query line; these are the defaults', () => {
    expect(sign(REQUEST)).toBe(
      'auth-v2/exampleak/2024-10-31T14:06:52Z/host/aec548ffb0e0cfe2a43ab4c5e853c683d0cade0c964f16374053acbd88416755',
    );
  });

  it('gives vector V2: milliseconds, three headers, no query line', () => {
    expect(sign(REQUEST, { timestamp: 'milliseconds', signedHeaders: THREE_HEADERS })).toBe(
      'auth-v2/exampleak/2024-10-31T14:06:52.123Z/content-length;content-type;host/47826f443fd5d1a3c05789c603d99d4a4068d78120fa8e21e6c19d75aaf93def',
    );
  });

  it('gives vector V3: as V2, with the empty query line', () => {
    expect(sign(REQUEST, { timestamp: 'milliseconds', signedHeaders: THREE_HEADERS, emptyQueryLine: true })).toBe(
      'auth-v2/exampleak/2024-10-31T14:06:52.123Z/content-length;content-type;host/2a26465381b795d6dbb30c7b589bdb79f7fae602bba3b7531a7e8e28b2ac3d2e',
    );
  });

  const GET: SignableRequest = {
    method: 'GET',
    url: new URL('https://cms.example.com:28443/example/path?b=2%203&a=x/y&c='),
    headers: { host: 'cms.example.com:28443' },
    body: '',
  };

  it.each([false, true])('gives vector V4: a query and no body, with emptyQueryLine %p alike', (emptyQueryLine) => {
    expect(sign(GET, { emptyQueryLine })).toBe(
      'auth-v2/exampleak/2024-10-31T14:06:52Z/host/bfe5aa2f3903ccd7d69a0f144e1dac871634c895f880525442086d867590cea4',
    );
  });

  it('sorts and lower-cases the names of headers, and trims their values', () => {
    const headers = {
      Host: ' cms.example.com:28443 ',
      'Content-Type': 'application/json;charset=UTF-8\t',
      'Content-Length': '69',
    };
    const signedHeaders = ['Host', 'CONTENT-TYPE', 'Content-Length'];
    expect(sign({ ...REQUEST, headers }, { timestamp: 'milliseconds', signedHeaders })).toBe(
      sign(REQUEST, { timestamp: 'milliseconds', signedHeaders: THREE_HEADERS }),
    );
  });

  it('signs the path unencoded', () => {
    const encoded = { ...REQUEST, url: new URL('https://cms.example.com:28443/a%20b/%C3%A4') };
    const canonical = ['POST', '/a b/ä', 'host', 'host:cms.example.com%3A28443', encodeStrictly(BODY)].join('\n');
    expect(sign(encoded)).toBe(`auth-v2/exampleak/2024-10-31T14:06:52Z/host/${doubleHmac('host', canonical)}`);
  });

  it('signs the bytes of a body outside ASCII', () => {
    const canonical = `POST\n/\nhost\nhost:cms.example.com%3A28443\n%E5%8F%82%C3%A9`;
    expect(sign({ ...REQUEST, url: new URL('https://cms.example.com:28443/'), body: '参é' })).toBe(
      `auth-v2/exampleak/2024-10-31T14:06:52Z/host/${doubleHmac('host', canonical)}`,
    );
  });

  it.each<[string, Partial<SignableRequest>, Partial<SignatureOptions>]>([
    ['the secret key', {}, { secretKey: () => 'another-sk' }],
    ['the access key', {}, { accessKey: () => 'anotherak' }],
    ['the time', {}, { now: () => SIGNED_AT + 1000 }],
    ['the body', { body: BODY.replace('170', '171') }, {}],
    ['the host', { headers: { host: 'cms.example.com' } }, {}],
    ['the method', { method: 'PUT' }, {}],
    ['the path', { url: new URL('https://cms.example.com:28443/rest/cmsapp/v1/ping') }, {}],
  ])('gives another signature for a change of %s', (_, request, options) => {
    const signatureOf = (authorization: string) => authorization.split('/').at(-1);
    expect(signatureOf(sign({ ...REQUEST, ...request }, options))).not.toBe(signatureOf(sign(REQUEST)));
  });

  it('asks the clock anew for each request', () => {
    let now = SIGNED_AT;
    const signer = createSigner({ ...KEYS, now: () => now });
    const first = signer(REQUEST);
    now += 1000;
    expect(signer(REQUEST)).toContain('/2024-10-31T14:06:53Z/');
    expect(first).toContain('/2024-10-31T14:06:52Z/');
  });

  it('refuses to sign a header that the request does not send', () => {
    expect(() => sign({ ...REQUEST, headers: { host: 'cms.example.com' } }, { signedHeaders: THREE_HEADERS })).toThrow(
      'cannot sign header content-length: the request does not send it',
    );
  });
});

describe('encodeStrictly', () => {
  it('encodes the bytes of the example, and all but letters, digits and - . _ ~', () => {
    expect(encodeStrictly("a b/ç~é*'(+)")).toBe('a%20b%2F%C3%A7~%C3%A9%2A%27%28%2B%29');
    expect(encodeStrictly('AZaz09-._~')).toBe('AZaz09-._~');
    expect(encodeStrictly('!:;{}"%📞')).toBe('%21%3A%3B%7B%7D%22%25%F0%9F%93%9E');
  });

  it('encodes the body of the vectors', () => {
    expect(encodeStrictly(BODY)).toBe(
      '%7B%22ccId%22%3A1%2C%22vdn%22%3A170%2C%22callId%22%3A%221678978542-92%22%2C%22logDate%22%3A1678978542000%7D',
    );
  });
});

/** The two steps of the algorithm over a canonical request written out by hand, at the second of the vectors. */
function doubleHmac(names: string, canonical: string): string {
  const hmac = (key: string, message: string) => createHmac('sha256', key).update(message, 'utf8').digest('hex');
  return hmac(hmac(KEYS.secretKey(), `auth-v2/${KEYS.accessKey()}/2024-10-31T14:06:52Z/${names}`), canonical);
}
