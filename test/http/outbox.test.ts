import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createOutbox, type Pieces } from '../../src/http/outbox.js';

const KIB = 1024;
/** The reply to this path has a header that nobody may send. */
const BROKEN = '/broken';
const servers: Server[] = [];
const failures: unknown[] = [];
afterEach(() => {
  failures.length = 0;
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A server that answers each path by the outbox with the pieces that `piecesOf` has for it. */
async function serve(piecesOf: (path: string) => Pieces): Promise<string> {
  const outbox = createOutbox((error) => failures.push(error));
  const server = createServer((request, response: ServerResponse) => {
    const pieces = piecesOf(request.url ?? '');
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    const headers = ['content-length', String(length), ...(request.url === BROKEN ? ['x-odd', 'two\nlines'] : [])];
    outbox.put({ response, status: 200, headers, pieces, length });
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function open(url: string): Promise<IncomingMessage> {
  const [response] = (await once(get(url), 'response')) as [IncomingMessage];
  return response;
}

async function bodyOf(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

describe('an outbox', () => {
  it('writes pieces one after the other, bytes and texts', async () => {
    const url = await serve(() => [Buffer.from('{"größe":['), '1', ',', '23', Buffer.from(']}')]);
    expect((await bodyOf(await open(url))).toString()).toBe('{"größe":[1,23]}');
  });

  it('writes an empty body', async () => {
    expect(await bodyOf(await open(await serve(() => [])))).toHaveLength(0);
  });

  it.each([
    ['short', 200 * KIB],
    ['long', 6 * KIB * KIB],
  ])('keeps %s replies to slow readers apart', async (_, bytes) => {
    const fill = (path: string): number => 1 + Number(path.slice(1));
    const url = await serve((path) => [Buffer.alloc(bytes / 2, fill(path)), Buffer.alloc(bytes / 2, fill(path))]);
    // All are asked before any is read: what the system does not take has to wait.
    const responses = await Promise.all(Array.from({ length: 24 }, (_unused, index) => open(`${url}/${index}`)));
    const bodies = await Promise.all(responses.map(bodyOf));
    bodies.forEach((body, index) => {
      expect(body).toHaveLength(bytes);
      expect(body.every((byte) => byte === index + 1)).toBe(true);
    });
  });

  it('writes a long reply over many turns of the event loop, however fast its reader', async () => {
    let turns = 0;
    let counting = true;
    const count = (): void => {
      turns += 1;
      if (counting) setImmediate(count);
    };
    const response = await open(await serve(() => [Buffer.alloc(8 * KIB * KIB)]));
    count();
    await bodyOf(response);
    counting = false;
    expect(turns).toBeGreaterThanOrEqual(24); // 32 slices, of which some have left with the head
  });

  it('cuts off a reply that cannot be written, says why, and goes on with the others', async () => {
    const url = await serve(() => ['good']);
    const replies = await Promise.allSettled(['/1', BROKEN, '/2'].map((path) => open(url + path)));
    expect(replies.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(failures).toMatchObject([{ code: 'ERR_INVALID_CHAR' }]);
    expect((await bodyOf(await open(`${url}/3`))).toString()).toBe('good');
  });

  it.each([10, 512 * KIB])('does not take %d bytes for sent to whom has ended the connection', async (length) => {
    const outbox = createOutbox((error) => failures.push(error));
    const finished: boolean[] = [];
    const server = createServer((request, response: ServerResponse) => {
      response.once('close', () => finished.push(response.writableFinished));
      const headers = ['x-request-id', '1', 'content-length', String(length)];
      request.socket.once('end', () =>
        outbox.put({ response, status: 200, headers, pieces: [Buffer.alloc(length)], length }),
      );
    });
    servers.push(server.listen(0, '127.0.0.1'));
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.end('GET / HTTP/1.1\r\nhost: gateway\r\n\r\n');
    expect(await text(socket)).toBe('');
    expect(finished).toEqual([false]);
    expect(failures).toEqual([]);
  });

  it('lets go of a reply whose reader leaves in the midst of it', async () => {
    const url = await serve(() => [Buffer.alloc(32 * KIB * KIB)]);
    const response = await open(url);
    response.destroy();
    const [server] = servers;
    if (!server) throw new Error('no server');
    for (;;) {
      const count = await new Promise<number>((resolve) => server.getConnections((_error, open_) => resolve(open_)));
      if (count === 0) break;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await bodyOf(await open(url))).toHaveLength(32 * KIB * KIB);
  });
});
