import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { createHeads } from '../../src/http/heads.js';
import { createOutbox } from '../../src/http/outbox.js';

const BODY = 'whole';

/** What a client is told that sends all of this at once; of several connections, one after the other. */
async function told(listener: RequestListener, ...connections: string[][]): Promise<string[]> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const replies: string[] = [];
  for (const requests of connections) {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').setEncoding('latin1');
    socket.write(requests.join(''));
    let replied = '';
    for await (const chunk of socket) {
      replied += chunk as string;
      const heads = replied.split('\r\n\r\n').length - 1;
      if (heads === requests.length && (replied.endsWith(BODY) || requests.at(-1)?.startsWith('HEAD'))) break;
    }
    replies.push(replied.replaceAll(/Date: [^\r]*/g, 'Date: now'));
  }
  server.close();
  return replies;
}

const request = (path: string, method = 'GET', headers = ''): string =>
  `${method} ${path} HTTP/1.1\r\nhost: gateway\r\n${headers}\r\n`;

function headersOf(path: string): string[] {
  return ['x-request-id', `id-${path}`, 'x-kind', path.slice(0, 4), 'content-length', String(BODY.length)];
}

const statusOf = (path: string): number => (path.endsWith('gone') ? 404 : 200);

/** As node does it. */
const byNode: RequestListener = (request, response) => {
  const { url = '' } = request;
  if (url.endsWith('set')) response.setHeader('x-request-id', 'other').setHeader('vary', 'Origin');
  response.writeHead(statusOf(url), headersOf(url)).end(BODY);
};

function byOutbox(): RequestListener {
  const outbox = createOutbox((error) => {
    throw error;
  });
  return (request, response) => {
    const { url = '' } = request;
    if (url.endsWith('set')) response.setHeader('x-request-id', 'other').setHeader('vary', 'Origin');
    const pieces = [Buffer.from(BODY)];
    outbox.put({ response, status: statusOf(url), headers: headersOf(url), pieces, length: BODY.length });
  };
}

describe('heads', () => {
  it('are those that node writes, to the byte, whatever went before', async () => {
    const connections = [
      [request('/one/1')],
      [request('/one/2'), request('/one/3'), request('/one/4', 'HEAD'), request('/two/5'), request('/one/6')],
      [request('/one/7', 'HEAD'), request('/one/8')],
      [request('/one/9', 'GET', 'connection: close\r\n')],
      [request('/one/10gone'), request('/one/11'), request('/one/12set'), request('/one/13')],
      ['GET /one/14 HTTP/1.0\r\n\r\n'],
      ['GET /one/15 HTTP/1.0\r\nconnection: keep-alive\r\n\r\n'],
    ];
    const replies = await told(byOutbox(), ...connections);
    expect(replies).toEqual(await told(byNode, ...connections));
    expect(replies[0]).toMatch(/^HTTP\/1\.1 200 OK\r\nx-request-id: id-\/one\/1\r\n.*Connection: keep-alive\r\n/s);
  });

  it('tell the date of their own second, unless node tells another', async () => {
    const heads = createHeads();
    const byPattern: { head: string; dates: string[] }[] = [];
    const byNode = new WeakSet<object>();
    const endsAt = Date.now() + 2_100;
    while (Date.now() < endsAt) {
      await told(
        (_, response) => {
          const writeHead = response.writeHead.bind(response);
          response.writeHead = ((...given: Parameters<typeof writeHead>) => {
            byNode.add(response);
            return writeHead(...given);
          }) as typeof response.writeHead;
          const before = new Date().toUTCString();
          const head = heads.take({ response, status: 200, headers: headersOf('/one') }) ?? '';
          if (!byNode.has(response)) byPattern.push({ head, dates: [before, new Date().toUTCString()] });
          response.socket?.write(`${head}${BODY}`);
          response.end();
        },
        [request('/one')],
      );
    }
    const dateIn = (head: string): string | undefined => /Date: ([^\r]*)/.exec(head)?.[1];
    for (const { head, dates } of byPattern) expect(dates).toContain(dateIn(head));
    expect(new Set(byPattern.map(({ head }) => dateIn(head))).size).toBeGreaterThanOrEqual(2);
  });
});
