import type { FetchTraces } from '../../../src/call/trace.js';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../../src/simulator/simulator.js';
import { fixedLimit, type ConcurrencyLimit } from '../../../src/upstream/adaptive-limit.js';
import { createUpstreamClient, type UpstreamClientOptions } from '../../../src/upstream/client.js';
import { createClockSkew } from '../../../src/upstream/clock-skew.js';
import { createEndpoints } from '../../../src/upstream/endpoints.js';
import { createExchange, type AttemptOutcome } from '../../../src/upstream/exchange.js';
import { createFairQueue } from '../../../src/upstream/fair-queue.js';
import { createLockOutGuard } from '../../../src/upstream/lock-out.js';
import { createRetryBudget } from '../../../src/upstream/retry-budget.js';
import { watchReusedConnections } from '../../../src/upstream/reused-connection.js';
import { createSigner, type SignatureOptions } from '../../../src/upstream/signature.js';
import { createTransport } from '../../../src/upstream/transport.js';
import { createTroubleWatch } from '../../../src/upstream/trouble.js';

/** The keys that the simulator knows. */
export const KEYS = { accessKey: () => 'demo-access-key', secretKey: () => 'demo-secret-key' };

/** What a test may want to be otherwise in the client. */
export interface ClientOptions extends Partial<Omit<UpstreamClientOptions, 'exchange' | 'budget'>> {
  readonly maxConcurrency?: number;
  readonly maxQueue?: number;
  readonly attemptTimeoutMs?: number;
  /** In place of one that stays at `maxConcurrency`. */
  readonly limit?: ConcurrencyLimit;
  readonly signature?: Partial<SignatureOptions>;
  readonly ca?: string;
  readonly onAttempt?: (outcome: AttemptOutcome, ms: number) => void;
  /** Called when a whole reply has come. */
  readonly onReply?: () => void;
}

/** Contact centres and clients of one test file; all are closed at once. */
export function createBench() {
  const open: { close(): Promise<void> }[] = [];

  async function start(options?: SimulatorOptions): Promise<Simulator> {
    const simulator = await startSimulator(options);
    open.push(simulator);
    return simulator;
  }

  /** A client of the simulator, with time enough for a busy machine. */
  function connect(
    simulator: Simulator,
    { signature, ca, onReply, onAttempt = () => undefined, ...options }: ClientOptions = {},
  ): FetchTraces {
    const { maxConcurrency = 20, maxQueue = 1000, attemptTimeoutMs = 10_000, now = Date.now } = options;
    // More connections and time than the client allows itself, so that it is the client that keeps its limits.
    const transport = createTransport({ connections: 100, timeoutMs: 60_000, ca });
    const reused = watchReusedConnections();
    open.push(transport, { close: () => Promise.resolve(reused.close()) });
    const exchange = createExchange({
      endpoints: createEndpoints({
        baseUrls: [simulator.url],
        failuresMax: 1000,
        firstPauseMs: 1,
        longestPauseMs: 1,
        onChange: () => undefined,
      }),
      queue: createFairQueue(() => maxConcurrency, maxQueue),
      lockOut: createLockOutGuard({
        maxRefusals: 1000,
        firstPauseMs: 1,
        longestPauseMs: 1,
        proofMs: 60_000,
        credentials: () => '',
        now,
        onChange: () => undefined,
      }),
      ways: [createSigner({ ...KEYS, now: Date.now, ...signature })],
      transport: {
        ...transport,
        async post(request) {
          const response = await transport.post(request);
          onReply?.();
          return response;
        },
      },
      limit: options.limit ?? fixedLimit(maxConcurrency),
      clockSkew: createClockSkew(now, () => undefined),
      reused,
      trouble: createTroubleWatch(() => undefined),
      host: undefined,
      attemptTimeoutMs,
      onAttempt,
      now,
    });
    return createUpstreamClient({
      exchange,
      budget: createRetryBudget({ share: 1, floor: 1000, windowMs: 10_000, now }),
      timeZoneOf: () => 'UTC',
      numberStyle: 'numbers',
      maxRetries: 2,
      settleMs: 300_000,
      onSeconds: () => undefined,
      now,
      ...options,
    });
  }

  async function close(): Promise<void> {
    await Promise.all(open.splice(0).map((one) => one.close()));
  }

  return { start, connect, close };
}
