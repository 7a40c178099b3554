/** How a command failed: `lost`, Redis was away or too slow; `refused`, it answered with an error. */
export type RedisFailure = 'lost' | 'refused';

/** What became of a command. */
export type RedisOutcome<T> =
  { readonly value: T; readonly failure?: undefined } | { readonly failure: RedisFailure; readonly value?: undefined };

/** What the circuit breaker tells. */
export interface CircuitBreakerEvents {
  /** Redis is away or too slow: no command is tried until it answers again. Told once per outage. */
  readonly onDown: (error: Error) => void;
  /** Redis answers again. */
  readonly onUp: () => void;
  /** Redis answers, but refuses commands: it is full, say, or read-only. Told once until it refuses none. */
  readonly onRefused: (error: Error) => void;
  /** Redis takes again whatever it had refused. */
  readonly onAccepted: () => void;
  /** Told of every command that is refused because the connection leads to a replica. */
  readonly onReadOnly?: (() => void) | undefined;
  /** Told of every command that failed. */
  readonly onFailure?: ((kind: RedisFailure) => void) | undefined;
}

/** Stands between the gateway and Redis, so that Redis can delay one request once, and none while it is away. */
export type RedisCircuitBreaker = ReturnType<typeof createCircuitBreaker>;

/** Pauses between two probes. Unit: ms. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

/**
 * Returns a circuit breaker that takes Redis for away, without telling, until `connected` is called or `ping`, its probe,
 * succeeds. `timeoutMs`: a command slower than this has failed.
 */
export function createCircuitBreaker(ping: () => Promise<unknown>, timeoutMs: number, events: CircuitBreakerEvents) {
  let isUp = false;
  let isClosed = false;
  let isOutageTold = false;
  let probe: NodeJS.Timeout | undefined;
  /** The kinds of commands that Redis refuses. */
  const refused = new Set<string>();
  suspend();
  return {
    get state() {
      return isUp ? ('up' as const) : ('down' as const);
    },
    run,
    attempt,
    connected,
    disconnected,
    suspend,
    close() {
      isClosed = true;
      clearTimeout(probe);
    },
  };

  /** What the command returns; undefined if it failed. The rest as with `attempt`. */
  async function run<T>(kind: string, command: () => Promise<T>): Promise<T | undefined> {
    return (await attempt(kind, command)).value;
  }

  /**
   * Runs a command, unless Redis is away. `kind` tells commands apart of which Redis may refuse one and take the other.
   * Never rejects.
   */
  async function attempt<T>(kind: string, command: () => Promise<T>): Promise<RedisOutcome<T>> {
    if (!isUp || isClosed) return { failure: 'lost' };
    try {
      const value = await inTime(command(), timeoutMs);
      if (refused.delete(kind) && refused.size === 0) events.onAccepted();
      return { value };
    } catch (thrown) {
      return { failure: failed(kind, thrown instanceof Error ? thrown : new Error(String(thrown))) };
    }
  }

  function failed(kind: string, error: Error): RedisFailure {
    const isRefused = isRefusal(error);
    events.onFailure?.(isRefused ? 'refused' : 'lost');
    // A Cluster is passing a key from one node to another, and ioredis has run out of tries to follow: a miss, no more.
    if (/^(MOVED|ASK|TRYAGAIN) /.test(error.message)) return 'lost';
    if (!isRefused) {
      if (isUp) disconnected(error);
      return 'lost';
    }
    if (refused.size === 0) events.onRefused(error);
    refused.add(kind);
    // Before Redis 7 the error of a script holds that of its command in the middle.
    if (/\bREADONLY\b/.test(error.message)) events.onReadOnly?.();
    return 'refused';
  }

  /** To be called when the connection is there, so that nothing waits for the next probe. */
  function connected(): void {
    if (isUp || isClosed) return;
    isUp = true;
    clearTimeout(probe);
    if (isOutageTold) events.onUp();
    isOutageTold = false;
  }

  /** To be called when the connection is lost, so that no command has to find out. */
  function disconnected(error: Error): void {
    isUp = false;
    if (isOutageTold || isClosed) return;
    isOutageTold = true;
    events.onDown(error);
    probeAfter(FIRST_PAUSE_MS);
  }

  /** To be called before the connection is replaced on purpose: no command is tried meanwhile, and no outage is told. */
  function suspend(): void {
    isUp = false;
    if (!isClosed) probeAfter(LONGEST_PAUSE_MS);
  }

  function probeAfter(pauseMs: number): void {
    clearTimeout(probe);
    probe = setTimeout(() => {
      inTime(ping(), timeoutMs).then(connected, (error: unknown) => {
        if (isUp || isClosed) return;
        disconnected(error as Error);
        probeAfter(Math.min(LONGEST_PAUSE_MS, pauseMs * 2));
      });
    }, pauseMs).unref();
  }
}

/** Redis itself answered, with an error; but a node that says it cannot serve at all is as good as away. */
function isRefusal({ name, message }: Error): boolean {
  return name === 'ReplyError' && !/^(CLUSTERDOWN|MASTERDOWN|LOADING)/.test(message);
}

/** A wait is counted in so many parts, each at least a turn of the event loop. */
const PARTS = 5;

/**
 * Rejects after the time, of which a turn that kept this process busy counts as one part at most: while it was busy,
 * commands were not sent, and replies not looked at.
 */
export function inTime<T>(reply: Promise<T>, timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout;
    const wait = (parts: number): void => {
      timer = setTimeout(() => {
        if (parts > 1) wait(parts - 1);
        else setImmediate(() => reject(new Error(`Redis did not answer within ${timeoutMs} ms`)));
      }, timeoutMs / PARTS);
    };
    wait(PARTS);
    reply.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
