import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A port that passes bytes on to a Redis server, and can hold back what it replies. */
export interface RedisRelay {
  readonly url: string;
  /**
   * Once a command has this text in it, no reply goes through but to connections that wait for messages: they are woken
   * as before.
   */
  holdReplies(text: string): void;
  /** What was held back goes through, and all that follows. */
  releaseReplies(): void;
  /** How often a text stood in commands since then, or since the relay was opened. */
  timesAsked(text: string): number;
  /** The same in messages to connections that wait for them. */
  timesTold(text: string): number;
  close(): Promise<void>;
}

/** Opens one before a Redis server at `redis://host:port`. */
export async function openRedisRelay(redisUrl: string): Promise<RedisRelay> {
  const target = new URL(redisUrl);
  const sockets = new Set<Socket>();
  const held: (() => void)[] = [];
  let heldFrom: string | null = null;
  const isHolding = (): boolean => heldFrom !== null && commands.includes(heldFrom);
  let commands = '';
  let messages = '';

  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    let listens = false;
    near.on('data', (bytes: Buffer) => {
      const text = bytes.toString('latin1');
      listens ||= /\bxread\b/i.test(text);
      commands += text;
      far.write(bytes);
    });
    far.on('data', (bytes: Buffer) => {
      if (listens) messages += bytes.toString('latin1');
      if (isHolding() && !listens) held.push(() => near.write(bytes));
      else near.write(bytes);
    });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.setNoDelay(true);
      one.on('error', () => undefined);
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    holdReplies(text) {
      heldFrom = text;
      commands = '';
      messages = '';
    },
    releaseReplies() {
      heldFrom = null;
      held.splice(0).forEach((write) => write());
    },
    timesAsked: (text) => commands.split(text).length - 1,
    timesTold: (text) => messages.split(text).length - 1,
    async close() {
      sockets.forEach((socket) => void socket.destroy());
      server.close();
      await once(server, 'close');
    },
  };
}
