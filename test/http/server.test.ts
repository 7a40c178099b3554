import { Agent, get } from 'node:http';
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import pino from 'pino';
import type { FastifyReply } from 'fastify';
import type { HttpOptions } from '../../src/http/http-options.js';
import { serve, type AddRoutes, type HttpServer } from '../../src/http/server.js';
import { reached, send } from '../support/client.js';
import { connectRaw, trickle } from '../support/raw.js';

/** Longer than a test may take: a stop that has to wait for it fails its test. */
const OPTIONS: HttpOptions = {
  host: '127.0.0.1',
  port: 0,
  drainMs: 0,
  stopTimeoutMs: 45_000,
  maxConnections: 100,
  receiveTimeoutMs: 45_000,
  keepAliveTimeoutMs: 45_000,
  maxBodyBytes: 1024 * 1024,
  trustedProxies: 0,
  notFoundHint: 'there is nothing',
  graphqlPath: '/graphql',
  logClientAddress: 'full',
  log: pino({ level: 'silent' }),
  requestLog: pino({ level: 'silent' }),
  onRefused: () => undefined,
};

/** A server that answers at once, by GET and by POST. */
const answering: AddRoutes = (app, reply) => {
  app.get('/', (_, to) => reply(to, 200, {}, '{}'));
  app.post('/', (_, to) => reply(to, 200, {}, '{}'));
};

describe('serve', () => {
  const servers: HttpServer[] = [];
  const start = async (routes: AddRoutes = answering, options = OPTIONS) => {
    const server = await serve(routes, options);
    servers.push(server);
    return server;
  };
  afterEach(() => Promise.all(servers.splice(0).map((server) => server.stop())));

  const socketTo = async (server: HttpServer): Promise<Socket> => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    return socket;
  };

  /** A server at whose path `/slow` requests wait until the test answers them; others are answered at once. */
  const startSlow = async (options = OPTIONS) => {
    const waiting: FastifyReply[] = [];
    const server = await start((app, reply) => {
      answering(app, reply);
      app.get('/slow', (_, to) => void waiting.push(to));
    }, options);
    return { server, waiting, answer: () => waiting.splice(0).forEach((to) => void to.send('{"done":true}')) };
  };

  it('says where it listens, as a browser on the machine would write it', async () => {
    expect((await start()).url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await start(answering, { ...OPTIONS, host: '0.0.0.0' })).url).toMatch(/^http:\/\/localhost:\d+$/);
  });

  it('says where it listens in IPv6, so that the text is a URL', async () => {
    expect(new URL((await start(answering, { ...OPTIONS, host: '::1' })).url).hostname).toBe('[::1]');
  });

  it('rejects if the port is taken', async () => {
    const port = Number(new URL((await start()).url).port);
    await expect(serve(answering, { ...OPTIONS, port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('answers what runs before it has stopped, and takes nothing new', async () => {
    const { server, waiting, answer } = await startSlow();
    const reply = send(`${server.url}/slow`);
    await reached(() => waiting.length > 0);
    let stopped = false;
    const stop = server.stop().then(() => (stopped = true));
    await expect(send(server.url)).rejects.toThrow();
    expect(stopped).toBe(false);
    answer();
    expect((await reply).body).toEqual({ done: true });
    await stop;
  });

  it('does not wait for connections that are kept alive, fall idle, or have asked nothing', async () => {
    const { server, waiting, answer } = await startSlow();
    const silent = await socketTo(server);
    const silentClosed = once(silent, 'close');
    const agent = new Agent({ keepAlive: true });
    const ask = async (path: string) => {
      const [incoming] = (await once(get(server.url + path, { agent }), 'response')) as [NodeJS.ReadableStream];
      await once(incoming.resume(), 'end');
    };
    await ask('/');
    const slow = ask('/slow');
    await reached(() => waiting.length > 0);
    const stop = server.stop();
    answer();
    await slow;
    await stop;
    await silentClosed;
    agent.destroy();
  });

  it('cuts what still runs when the time for it is over', async () => {
    const { server, waiting } = await startSlow({ ...OPTIONS, stopTimeoutMs: 20 });
    const hanging = expect(send(`${server.url}/slow`)).rejects.toThrow();
    await reached(() => waiting.length > 0);
    await server.stop();
    await hanging;
  });

  it('serves on while it drains, and says so on each reply, to pipelined requests on the last', async () => {
    const { server, waiting, answer } = await startSlow({ ...OPTIONS, drainMs: 1_000 });
    const before = await connectRaw(server.url);
    before.socket.write('GET /slow HTTP/1.1\r\nhost: x\r\n\r\nGET / HTTP/1.1\r\nhost: x\r\n\r\n');
    await reached(() => waiting.length > 0);
    const stop = server.stop();
    const after = await connectRaw(server.url);
    after.socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    expect(await after.closed()).toMatch(/^HTTP\/1\.1 200 [^]*\r\nconnection: close\r\n/i);
    answer();
    expect(await before.closed()).toMatch(/^HTTP\/1\.1 200 [^]*HTTP\/1\.1 200 [^]*\{\}$/);
    await stop;
  });

  describe('with a client that', () => {
    const HEAD = 'POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n';
    const IMPATIENT = { ...OPTIONS, receiveTimeoutMs: 300 };

    it('sends its headers byte by byte, cuts it off with 408', async () => {
      const client = await connectRaw((await start(answering, IMPATIENT)).url);
      client.socket.write(HEAD);
      trickle(client, 'x', 20);
      expect(await client.closed()).toMatch(/^HTTP\/1\.1 408 /);
    });

    it('sends its body byte by byte, cuts it off with 408', async () => {
      const client = await connectRaw((await start(answering, IMPATIENT)).url);
      client.socket.write(`${HEAD}content-length: 100000\r\n\r\n`);
      trickle(client, ' ', 20);
      expect(await client.closed()).toMatch(/^HTTP\/1\.1 408 /);
    });

    it('says nothing at all, cuts it off', async () => {
      const client = await connectRaw((await start(answering, IMPATIENT)).url);
      await client.closed();
    });

    it('asks nothing more, lets go of its connection', async () => {
      const client = await connectRaw((await start(answering, { ...OPTIONS, keepAliveTimeoutMs: 1_000 })).url);
      client.socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
      expect(await client.closed()).toMatch(/^HTTP\/1\.1 200 [^]*keep-alive: timeout=1\r\n/i);
    });

    it('does not read its answer, cuts it off', async () => {
      const long = Buffer.alloc(64 * 1024 * 1024);
      let cut = false;
      const server = await start(
        (app, reply) => {
          app.get('/', (_, to) => {
            to.raw.once('close', () => (cut = true));
            reply(to, 200, { 'content-type': 'application/octet-stream' }, long);
          });
        },
        { ...IMPATIENT, stopTimeoutMs: 100 },
      );
      const client = await connectRaw(server.url);
      client.socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
      client.socket.pause();
      await reached(() => cut);
      expect(client.socket.bytesRead).toBeLessThan(long.length);
      client.socket.destroy();
    });
  });

  it('takes so many connections and no more, and says so once', async () => {
    const lines: string[] = [];
    const log = pino({ level: 'warn', base: null, timestamp: false }, { write: (line) => void lines.push(line) });
    const server = await start(answering, { ...OPTIONS, maxConnections: 2, log });
    const [first, second] = [await connectRaw(server.url), await connectRaw(server.url)];
    const ask = 'GET / HTTP/1.1\r\nhost: x\r\n\r\n';
    for (const client of [first, second]) {
      client.socket.write(ask);
      await client.until('{}');
    }
    expect(server.connections).toBe(2);
    for (let i = 0; i < 3; i++) {
      const refused = await connectRaw(server.url);
      refused.socket.write(ask);
      expect(await refused.closed()).toBe('');
    }
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { level: 40, maxConnections: 2, msg: 'too many connections: those beyond are refused' },
    ]);
    first.socket.destroy();
    await first.closed();
    // The server hears of it a little later.
    for (let answer = ''; answer === '';) {
      const client = await connectRaw(server.url);
      client.socket.write(ask);
      answer = await Promise.race([client.until('{}').catch(() => ''), client.closed()]);
    }
  });
});
