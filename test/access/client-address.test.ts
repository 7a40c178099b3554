import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { clientAddress } from '../../src/access/client-address.js';

describe("a client's address", () => {
  let trustedProxies = 0;
  const server = createServer((incoming, response) => response.end(clientAddress(incoming, trustedProxies)));
  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => void server.close());

  async function seen(trusted: number, forwarded: string | string[] | undefined): Promise<string> {
    trustedProxies = trusted;
    const { port } = server.address() as AddressInfo;
    const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
    const outgoing = request({ host: '127.0.0.1', port, headers, agent: false });
    outgoing.end();
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
    let text = '';
    for await (const chunk of incoming) text += String(chunk);
    return text;
  }

  it('is that of the connection, whatever a client says, where no proxy is trusted', async () => {
    expect(await seen(0, undefined)).toBe('127.0.0.1');
    expect(await seen(0, '203.0.113.9')).toBe('127.0.0.1');
  });

  it.each([
    [1, '203.0.113.9', '203.0.113.9'],
    [1, '198.51.100.1, 203.0.113.9', '203.0.113.9'],
    [2, '198.51.100.1, 203.0.113.9, 192.0.2.1', '203.0.113.9'],
    [2, '203.0.113.9', '203.0.113.9'],
    [1, ['198.51.100.1', '203.0.113.9'], '203.0.113.9'],
    [1, '203.0.113.9:4711', '203.0.113.9'],
    [1, '::ffff:203.0.113.9', '203.0.113.9'],
  ])('is what the outermost of %i trusted proxies saw: %j', async (trusted, forwarded, address) => {
    expect(await seen(trusted, forwarded)).toBe(address);
  });

  it.each([undefined, '', 'unknown', '203.0.113.9,', '<script>', '1.2.3'])(
    'is that of the connection if the trusted proxy says nothing that is an address: %j',
    async (forwarded) => {
      expect(await seen(1, forwarded)).toBe('127.0.0.1');
    },
  );

  it.each([
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
    ['[2001:db8:1:2::1]:4711', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('is the network of an IPv6 address: %s', async (forwarded, network) => {
    expect(await seen(1, forwarded)).toBe(network);
  });
});
