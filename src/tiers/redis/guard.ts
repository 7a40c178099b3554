/** What the guard tells, once per change of state. */
export interface GuardEvents {
  /** Redis is away or does not answer in time: it is left alone until it answers again. */
  readonly onDown: (error: Error) => void;
  /** Redis answers again. */
  readonly onUp: () => void;
  /** Redis answers, but refuses a command: it is full, say, or read-only. */
  readonly onRefused: (error: Error) => void;
  /** Redis takes again whatever it had refused. */
  readonly onAccepted: () => void;
  /** Told of every command that failed. */
  readonly onFailure?: ((kind: 'lost' | 'refused') => void) | undefined;
}

/** Stands between the gateway and Redis, so that Redis can delay one request once, and none while it is away. */
export interface RedisGuard {
  readonly state: 'up' | 'down';
  /**
   * What the command returns; undefined if it failed, was too slow, or was not tried because Redis is away.
   * `kind` tells commands apart of which Redis may refuse one and take the other.
   */
  run<T>(kind: string, command: () => Promise<T>): Promise<T | undefined>;
  /** To be told when the connection is there, so that nothing waits for the next look. */
  found(): void;
  /** To be told when the connection is lost, so that no command has to find out. */
  lost(error: Error): void;
  close(): void;
}

/** Pauses between two looks whether Redis is back. Unit: ms. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

/**
 * Returns a guard that takes Redis for away, without a word, until it is told otherwise or has looked itself; `ping`
 * asks Redis for a sign of life. `timeoutMs`: a command slower than this has failed.
 */
export function createGuard(ping: () => Promise<unknown>, timeoutMs: number, events: GuardEvents): RedisGuard {
  let state: 'up' | 'down' = 'down';
  let told: 'up' | 'down' = 'up';
  const refused = new Set<string>();
  let probe: NodeJS.Timeout | undefined;
  let closed = false;
  look(LONGEST_PAUSE_MS);

  return {
    get state() {
      return state;
    },
    async run(kind, command) {
      if (state === 'down' || closed) return undefined;
      try {
        const result = await inTime(command(), timeoutMs);
        if (refused.delete(kind) && refused.size === 0) events.onAccepted();
        return result;
      } catch (error) {
        events.onFailure?.(isRefusal(error) ? 'refused' : 'lost');
        if (isMoving(error)) return undefined;
        if (isRefusal(error)) refuse(kind, error);
        else lost(error as Error);
        return undefined;
      }
    },
    found,
    lost,
    close() {
      closed = true;
      clearTimeout(probe);
    },
  };

  function found(): void {
    if (state === 'up' || closed) return;
    state = 'up';
    clearTimeout(probe);
    if (told === 'down') events.onUp();
    told = 'up';
  }

  function lost(error: Error): void {
    state = 'down';
    if (told === 'down' || closed) return;
    told = 'down';
    events.onDown(error);
    look(FIRST_PAUSE_MS);
  }

  function refuse(kind: string, error: Error): void {
    if (refused.size === 0) events.onRefused(error);
    refused.add(kind);
  }

  function look(pauseMs: number): void {
    clearTimeout(probe);
    probe = setTimeout(() => {
      inTime(ping(), timeoutMs).then(found, (error: unknown) => {
        if (state === 'up' || closed) return;
        lost(error as Error);
        look(Math.min(LONGEST_PAUSE_MS, pauseMs * 2));
      });
    }, pauseMs).unref();
  }
}

/** A Cluster is passing a key from one part to another, and ioredis has run out of tries to follow: a miss, no more. */
function isMoving(error: unknown): boolean {
  return error instanceof Error && /^(MOVED|ASK|TRYAGAIN) /.test(error.message);
}

/** Redis itself answered, with an error; but a part that says it cannot serve at all is as good as away. */
function isRefusal(error: unknown): error is Error {
  return (
    error instanceof Error && error.name === 'ReplyError' && !/^(CLUSTERDOWN|MASTERDOWN|LOADING)/.test(error.message)
  );
}

/** A wait is counted in so many parts, each a turn of the event loop at least. */
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
