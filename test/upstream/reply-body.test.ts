import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { UpstreamMalformedError } from '../../src/call/errors.js';
import { decodeBody, readBody } from '../../src/upstream/reply-body.js';

describe('readBody', () => {
  it('refuses a body one byte longer than allowed, and takes one that is not', async () => {
    const body = () => Readable.from([Buffer.from('four'), Buffer.from('five')]);
    expect(String(await readBody(body(), null, 8))).toBe('fourfive');
    await expect(readBody(body(), null, 7)).rejects.toThrow('the reply is longer than 7 bytes');
  });

  it('passes on what the stream fails with', async () => {
    const cut = new Error('cut');
    const body = new Readable({ read: () => undefined });
    const read = readBody(body, 'gzip', 100);
    body.destroy(cut);
    await expect(read).rejects.toBe(cut);
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
