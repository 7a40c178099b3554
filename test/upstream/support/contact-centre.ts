import type { Clock } from '../../../src/call/clock.js';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../../simulator/simulator.js';
import type { AttemptOutcome } from '../../../src/upstream/failure.js';
import { openUpstream, type OpenedUpstream, type UpstreamOptions } from '../../../src/upstream/open.js';
import { createLogRecorder, type LogLine } from './log-recorder.js';

/** The keys that the simulator knows. */
export const KEYS = { accessKey: () => 'demo-access-key', secretKey: () => 'demo-secret-key' };

/** The clocks of this process. */
export const REAL_CLOCK: Clock = { wall: () => Date.now(), monotonic: () => performance.now() };

/** A signature of the simplest kind, by these pairs of keys. */
export function signatureBy(
  ...keys: { accessKey: () => string; secretKey: () => string }[]
): UpstreamOptions['authorisation'] {
  return { kind: 'signature', keys, timestamp: 'seconds', signedHeaders: ['host'], emptyQueryLine: false };
}

/** What a test may want to be otherwise. */
export interface ConnectOptions extends Partial<UpstreamOptions> {
  readonly clock?: Clock;
}

/** An upstream, and what it has told. */
export interface Connected extends OpenedUpstream {
  readonly outcomes: readonly AttemptOutcome[];
  readonly lines: readonly LogLine[];
}

/** Contact centres and upstreams of one test file; all are closed at once. */
export function createBench() {
  const open: { close(): Promise<void> }[] = [];

  async function start(options?: SimulatorOptions): Promise<Simulator> {
    const simulator = await startSimulator(options);
    open.push(simulator);
    return simulator;
  }

  /** An upstream before these addresses, with time enough for a busy machine. It stops no signature unless told to. */
  function connect(
    centres: { readonly url: string } | readonly { readonly url: string }[],
    { clock = REAL_CLOCK, ...options }: ConnectOptions = {},
  ): Connected {
    const outcomes: AttemptOutcome[] = [];
    const { log, lines } = createLogRecorder();
    const upstream = openUpstream(
      {
        baseUrls: [centres].flat().map(({ url }) => url),
        authorisation: signatureBy(KEYS),
        tls: { ca: undefined, cert: undefined, key: undefined },
        host: undefined,
        proxyUrl: undefined,
        timeZoneOf: () => 'UTC',
        numberStyle: 'numbers',
        maxRetries: 2,
        attemptTimeoutMs: 10_000,
        maxConcurrency: 20,
        maxQueue: 1_000,
        maxAuthFailures: 1_000,
        ...options,
      },
      {
        clock,
        log,
        onAttempt: (outcome) => void outcomes.push(outcome),
      },
    );
    open.unshift(upstream); // closed before its contact centre
    // Its state is read when it is asked for.
    return Object.defineProperties(
      { outcomes, lines } as unknown as Connected,
      Object.getOwnPropertyDescriptors(upstream),
    );
  }

  async function close(): Promise<void> {
    for (const one of open.splice(0)) await one.close();
  }

  return { start, connect, close };
}
