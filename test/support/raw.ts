import { connect, type Socket } from 'node:net';

/** A connection on which anything can be written, and that says what came back. */
export interface RawConnection {
  readonly socket: Socket;
  /** All that came so far. */
  readonly received: string;
  /** Fulfils with all that came, once the server has closed the connection. */
  closed(): Promise<string>;
  /** Fulfils with all that came so far, once it holds the text. */
  until(text: string): Promise<string>;
}

/** Connects to a server by its URL. What is sent is sent as it stands. */
export async function connectRaw(url: string): Promise<RawConnection> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname.replace(/[[\]]/g, ''));
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => undefined); // a server that cuts a connection off resets it
  const close = new Promise((resolve) => socket.once('close', resolve));
  const received = (): string => Buffer.concat(chunks).toString('latin1');
  await Promise.race([new Promise((resolve) => socket.once('connect', resolve)), close]);
  return {
    socket,
    get received() {
      return received();
    },
    async closed() {
      await close;
      return received();
    },
    async until(text) {
      while (!received().includes(text)) {
        if (socket.closed) throw new Error(`the connection was closed before ${text} came: ${received()}`);
        await Promise.race([new Promise((resolve) => socket.once('data', resolve)), close]);
      }
      return received();
    },
  };
}

/** Writes again and again, with pauses, until the connection is closed. Unit of the pause: ms. */
export function trickle(connection: RawConnection, piece: string, pauseMs: number): void {
  const { socket } = connection;
  const timer = setInterval(() => socket.write(piece), pauseMs);
  socket.once('close', () => clearInterval(timer));
}
