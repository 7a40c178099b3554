import type { FetchTraces } from '../../../src/call/trace.js';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../../src/simulator/simulator.js';
import { createUpstreamClient, type UpstreamOptions } from '../../../src/upstream/client.js';
import { createSigner, type SignatureOptions } from '../../../src/upstream/signature.js';
import { createTransport } from '../../../src/upstream/transport.js';

/** The keys that the simulator knows. */
export const KEYS = { accessKey: 'demo-access-key', secretKey: 'demo-secret-key' };

/** What a test may want to be otherwise in the client. */
export interface ClientOptions extends Partial<Omit<UpstreamOptions, 'sign'>> {
  readonly signature?: Partial<SignatureOptions>;
  readonly ca?: string;
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
  function connect(simulator: Simulator, { signature, ca, onReply, ...options }: ClientOptions = {}): FetchTraces {
    // More connections and time than the client allows itself, so that it is the client that keeps its limits.
    const transport = createTransport({ connections: 100, timeoutMs: 60_000, ca });
    open.push(transport);
    return createUpstreamClient(
      {
        baseUrl: simulator.url,
        sign: createSigner({ ...KEYS, now: Date.now, ...signature }),
        timeZoneOf: () => 'UTC',
        numberStyle: 'numbers',
        maxConcurrency: 20,
        maxQueue: 1000,
        attemptTimeoutMs: 10_000,
        maxRetries: 2,
        settleMs: 300_000,
        now: Date.now,
        ...options,
      },
      {
        ...transport,
        async post(request) {
          const response = await transport.post(request);
          onReply?.();
          return response;
        },
      },
    );
  }

  async function close(): Promise<void> {
    await Promise.all(open.splice(0).map((one) => one.close()));
  }

  return { start, connect, close };
}
