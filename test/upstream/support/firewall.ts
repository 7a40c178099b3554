import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A firewall between the gateway and an address, through which connections pass untouched until it forgets them. */
export interface Firewall {
  readonly url: string;
  /** Connections made so far. */
  readonly connections: number;
  /** Forgets every connection that is open: neither end is told, and what is sent next over one is answered by a reset. */
  readonly forget: () => void;
  /** Cuts every connection that is open, and tells both ends. */
  readonly cut: () => void;
  readonly close: () => Promise<void>;
}

/** Starts one on a free port of loopback, before this address. */
export async function startFirewall(to: string): Promise<Firewall> {
  const { hostname, port } = new URL(to);
  const open = new Map<Socket, { known: boolean }>();
  let connections = 0;
  const server = createServer((near) => {
    const entry = { known: true };
    const far = connect(Number(port), hostname);
    connections += 1;
    open.set(near, entry);
    near.on('data', (data) => (entry.known ? far.write(data) : near.resetAndDestroy()));
    far.on('data', (data) => near.write(data));
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => undefined);
      one.on('close', () => other.destroy());
    }
    near.on('close', () => open.delete(near));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get connections() {
      return connections;
    },
    forget: () => open.forEach((entry) => (entry.known = false)),
    cut: () => open.forEach((_, near) => near.destroy()),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const near of open.keys()) near.destroy();
      }),
  };
}
