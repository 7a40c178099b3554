/**
 * A gateway in a process of its own, whose wall clock its parent sets: started by `soak-process.ts`, with its environment
 * and nothing else. It tells the parent where it listens, what it never handled, and how much memory it takes.
 */
import pino from 'pino';
import { loadConfig } from '../../src/config/config.js';
import { startGateway } from '../../src/gateway.js';

/** What it tells. */
export type FromGateway =
  | { readonly kind: 'listens'; readonly url: string }
  | { readonly kind: 'unhandled'; readonly text: string }
  /** Unit: bytes. */
  | { readonly kind: 'memory'; readonly rss: number; readonly heap: number };

/** What it is told: how far its wall clock is ahead of the machine's. Unit: ms. */
export interface ToGateway {
  readonly wallOffsetMs: number;
}

const MEMORY_EVERY_MS = 500;

const tell = (message: FromGateway): void => void process.send?.(message);
let wallOffsetMs = 0;
process.on('message', (message: ToGateway) => (wallOffsetMs = message.wallOffsetMs));
process.on('disconnect', () => process.exit(0)); // the soak is gone
process.on('unhandledRejection', (error) =>
  tell({ kind: 'unhandled', text: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
);

const clock = { wall: () => Date.now() + wallOffsetMs, monotonic: () => performance.now() };
const gateway = await startGateway(
  loadConfig(process.env, () => ''),
  pino({ level: 'silent' }),
  clock,
);
tell({ kind: 'listens', url: gateway.url });
setInterval(() => {
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  tell({ kind: 'memory', rss, heap: heapUsed });
}, MEMORY_EVERY_MS);
