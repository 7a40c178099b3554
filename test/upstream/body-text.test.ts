import { describe, expect, it } from '@jest/globals';
import { UpstreamMalformedError } from '../../src/call/errors.js';
import { readText } from '../../src/upstream/body-text.js';

describe('readText', () => {
  const TEXT = '{"deviceIn":"坐席 ä"}';
  /** 坐席 in GBK. */
  const GBK = Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xd7, 0xf8, 0xcf, 0xaf, 0x22, 0x7d]);

  function replyOf(bytes: Buffer, contentType: string | null): Response {
    return new Response(bytes, { headers: contentType === null ? {} : { 'content-type': contentType } });
  }

  it.each(['gzip', 'br', 'zstd', 'constructor', 'gzip, br'])(
    'refuses %s, which was not asked for',
    async (encoding) => {
      const reply = new Response('{}', { headers: { 'content-encoding': encoding } });
      await expect(readText(reply)).rejects.toThrow('the reply is compressed, which the request did not allow');
    },
  );

  it.each([null, '', 'application/json', 'application/json;charset=UTF-8', 'application/json; charset="utf-8"'])(
    'reads UTF-8 for the content type %j',
    async (contentType) => {
      expect(await readText(replyOf(Buffer.from(TEXT), contentType))).toBe(TEXT);
    },
  );

  it.each(['gbk', 'GBK', 'gb18030', 'gb2312'])('reads %s if it is named', async (charset) => {
    expect(await readText(replyOf(GBK, `application/json; charset=${charset}`))).toBe('{"a":"坐席"}');
  });

  it('reads UTF-16 if it is named', async () => {
    expect(await readText(replyOf(Buffer.from(TEXT, 'utf16le'), 'application/json;charset=utf-16le'))).toBe(TEXT);
  });

  it('drops a byte order mark', async () => {
    expect(await readText(replyOf(Buffer.from(`\ufeff${TEXT}`), 'application/json'))).toBe(TEXT);
  });

  it('reads a body that comes in many pieces, cut inside of characters', async () => {
    const bytes = Buffer.from('ä'.repeat(100));
    const pieces = new ReadableStream({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    expect(await readText(new Response(pieces))).toBe('ä'.repeat(100));
  });

  it('gives an empty text where there is no body', async () => {
    expect(await readText(new Response(null))).toBe('');
  });

  it.each([
    ['GBK that is not named', GBK, 'application/json'],
    ['GBK that is named UTF-8', GBK, 'application/json;charset=UTF-8'],
    ['half a character', Buffer.from('ä').subarray(0, 1), null],
    ['an unknown charset', Buffer.from(TEXT), 'application/json;charset=klingon'],
  ])('refuses %s as malformed', async (_, bytes, contentType) => {
    await expect(readText(replyOf(bytes, contentType))).rejects.toThrow(UpstreamMalformedError);
  });
});
