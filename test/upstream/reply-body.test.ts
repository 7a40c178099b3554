import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { UpstreamMalformedError } from '../../src/call/errors.js';
import { bytesOf, decodeBody, unpack } from '../../src/upstream/reply-body.js';

describe('unpack', () => {
  it('refuses a body one byte longer unpacked than allowed, and takes one that is not', async () => {
    const packed = gzipSync('fourfive');
    expect(String(await unpack(packed, 'gzip', 8))).toBe('fourfive');
    await expect(unpack(packed, 'gzip', 7)).rejects.toThrow('the reply is longer than 7 bytes');
  });

  it('refuses half of a packed body', async () => {
    await expect(unpack(gzipSync('fourfive').subarray(0, 20), 'gzip', 8)).rejects.toThrow(UpstreamMalformedError);
  });
});

describe('bytesOf', () => {
  it('gives all bytes of a body, and the body back', async () => {
    const { body } = new Request('http://localhost/', { method: 'POST', body: 'ä'.repeat(100_000) });
    expect(String(await bytesOf(body))).toBe('ä'.repeat(100_000));
    expect(body?.locked).toBe(false);
    await expect(body?.cancel()).resolves.toBeUndefined();
  });

  it('gives none where there is no body', async () => {
    expect(await bytesOf(new Response(null).body)).toHaveLength(0);
  });
});

describe('decodeBody', () => {
  const TEXT = '{"deviceIn":"坐席 ä"}';
  /** 坐席 in GBK. */
  const GBK = Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xd7, 0xf8, 0xcf, 0xaf, 0x22, 0x7d]);

  it.each([null, '', 'application/json', 'application/json;charset=UTF-8', 'application/json; charset="utf-8"'])(
    'reads UTF-8 for the content type %j',
    (contentType) => {
      expect(decodeBody(Buffer.from(TEXT), contentType)).toBe(TEXT);
    },
  );

  it.each(['gbk', 'GBK', 'gb18030', 'gb2312'])('reads %s if it is named', (charset) => {
    expect(decodeBody(GBK, `application/json; charset=${charset}`)).toBe('{"a":"坐席"}');
  });

  it('reads UTF-16 if it is named', () => {
    expect(decodeBody(Buffer.from(TEXT, 'utf16le'), 'application/json;charset=utf-16le')).toBe(TEXT);
  });

  it('drops a byte order mark', () => {
    expect(decodeBody(Buffer.from(`\ufeff${TEXT}`), 'application/json')).toBe(TEXT);
  });

  it.each([
    ['GBK that is not named', GBK, 'application/json'],
    ['GBK that is named UTF-8', GBK, 'application/json;charset=UTF-8'],
    ['half a character', Buffer.from('ä').subarray(0, 1), null],
    ['an unknown charset', Buffer.from(TEXT), 'application/json;charset=klingon'],
  ])('refuses %s as malformed', (_, bytes, contentType) => {
    expect(() => decodeBody(bytes, contentType)).toThrow(UpstreamMalformedError);
  });
});
