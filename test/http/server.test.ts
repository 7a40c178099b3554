import { Agent, get } from 'node:http';
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import { serve, type HttpOptions, type HttpServer } from '../../src/http/server.js';
import { reached, send } from '../support/client.js';
import { connectRaw, trickle } from '../support/raw.js';

/** Longer than a test may take: a stop that has to wait for it fails its test. */
const OPTIONS: HttpOptions = {
  host: '127.0.0.1',
  port: 0,
  stopTimeoutMs: 45_000,
  maxConnections: 100,
  receiveTimeoutMs: 45_000,
  keepAliveTimeoutMs: 45_000,
  log: { warn: () => undefined },
};

describe('serve', () => {
  const servers: HttpServer[] = [];
  const start = async (...[listener, options]: Parameters<typeof serve>) => {
    const server = await serve(listener, options);
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

  it('says where it listens, as a browser on the machine would write it', async () => {
    expect((await start(() => undefined, OPTIONS)).url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await start(() => undefined, { ...OPTIONS, host: '0.0.0.0' })).url).toMatch(/^http:\/\/localhost:\d+$/);
  });

  it('says where it listens in IPv6, so that the text is a URL', async () => {
    expect(new URL((await start(() => undefined, { ...OPTIONS, host: '::1' })).url).hostname).toBe('[::1]');
  });

  it('rejects if the port is taken', async () => {
    const { url } = await start(() => undefined, OPTIONS);
    const port = Number(new URL(url).port);
    await expect(serve(() => undefined, { ...OPTIONS, port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('answers what runs before it has stopped, and takes nothing new', async () => {
    let finish: () => void = () => undefined;
    let running = false;
    const server = await start((_, response) => {
      running = true;
      finish = () => response.end('{"done":true}');
    }, OPTIONS);
    const reply = send(server.url);
    await reached(() => running);
    let stopped = false;
    const stop = server.stop().then(() => (stopped = true));
    await expect(send(server.url)).rejects.toThrow();
    expect(stopped).toBe(false);
    finish();
    expect((await reply).body).toEqual({ done: true });
    await stop;
  });

  it('does not wait for connections that are kept alive, fall idle, or have asked nothing', async () => {
    let finish: () => void = () => undefined;
    let running = false;
    const server = await start((request, response) => {
      if (request.url !== '/slow') return void response.end('{}');
      running = true;
      finish = () => response.end('{}');
    }, OPTIONS);
    const silent = await socketTo(server);
    const silentClosed = once(silent, 'close');
    const agent = new Agent({ keepAlive: true });
    const ask = async (path: string) => {
      const [incoming] = (await once(get(server.url + path, { agent }), 'response')) as [NodeJS.ReadableStream];
      await once(incoming.resume(), 'end');
    };
    await ask('/');
    const slow = Promise.all([ask('/slow')]);
    await reached(() => running);
    const stop = server.stop();
    finish();
    await slow;
    await stop;
    await silentClosed;
    agent.destroy();
  });

  it('cuts what still runs when the time for it is over', async () => {
    let running = false;
    const server = await start(
      () => {
        running = true;
      },
      { ...OPTIONS, stopTimeoutMs: 20 },
    );
    const hanging = expect(send(server.url)).rejects.toThrow();
    await reached(() => running);
    await server.stop();
    await hanging;
  });

  describe('with a client that', () => {
    const HEAD = 'POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n';
    const IMPATIENT = { ...OPTIONS, receiveTimeoutMs: 300 };
    const answering = (options: HttpOptions) =>
      start((request, response) => void request.resume().once('end', () => response.end('{}')), options);

    it('sends its headers byte by byte, cuts it off with 408', async () => {
      const client = await connectRaw((await answering(IMPATIENT)).url);
      client.socket.write(HEAD);
      trickle(client, 'x', 20);
      expect(await client.closed()).toMatch(/^HTTP\/1\.1 408 /);
    });

    it('sends its body byte by byte, cuts it off with 408', async () => {
      const client = await connectRaw((await answering(IMPATIENT)).url);
      client.socket.write(`${HEAD}content-length: 100000\r\n\r\n`);
      trickle(client, ' ', 20);
      expect(await client.closed()).toMatch(/^HTTP\/1\.1 408 /);
    });

    it('says nothing at all, cuts it off', async () => {
      const client = await connectRaw((await answering(IMPATIENT)).url);
      await client.closed();
    });

    it('goes on sending after its answer, cuts it off', async () => {
      const server = await start((_, response) => response.end('{}'), IMPATIENT);
      const client = await connectRaw(server.url);
      client.socket.write(`${HEAD}transfer-encoding: chunked\r\n\r\n`);
      trickle(client, '1\r\n \r\n', 20);
      expect(await client.closed()).toMatch(/^HTTP\/1\.1 200 /);
    });

    it('asks nothing more, lets go of its connection', async () => {
      const client = await connectRaw((await answering({ ...OPTIONS, keepAliveTimeoutMs: 1_000 })).url);
      client.socket.write(`${HEAD}content-length: 0\r\n\r\n`);
      expect(await client.closed()).toMatch(/^HTTP\/1\.1 200 [^]*keep-alive: timeout=1\r\n/i);
    });

    it('does not read its answer, cuts it off', async () => {
      const long = Buffer.alloc(64 * 1024 * 1024);
      let cut = false;
      const server = await start(
        (_, response) => {
          response.once('close', () => (cut = true));
          response.end(long);
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
    const lines: object[] = [];
    const log = { warn: (fields: object, text: string) => void lines.push({ ...fields, text }) };
    const server = await start((_, response) => response.end('{}'), { ...OPTIONS, maxConnections: 2, log });
    const [first, second] = [await connectRaw(server.url), await connectRaw(server.url)];
    const ask = 'GET / HTTP/1.1\r\nhost: x\r\n\r\n';
    for (const client of [first, second]) {
      client.socket.write(ask);
      await client.until('{}');
    }
    for (let i = 0; i < 3; i++) {
      const refused = await connectRaw(server.url);
      refused.socket.write(ask);
      expect(await refused.closed()).toBe('');
    }
    expect(lines).toEqual([{ maxConnections: 2, text: 'too many connections: those beyond are refused' }]);
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
