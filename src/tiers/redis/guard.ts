/** What the guard tells, once per change of state. */
export interface GuardEvents {
  /** Redis is away or does not answer in time: it is left alone until it answers again. */
  readonly onDown: (error: Error) => void;
  /** Redis answers (again). */
  readonly onUp: () => void;
  /** Redis answers, but refuses a command: it is full, read-only, or holds something else under the key. */
  readonly onRefused: (error: Error) => void;
  /** Redis takes commands of that kind again. */
  readonly onAccepted: () => void;
}

/** Stands between the gateway and Redis, so that Redis can delay one request once, and none while it is away. */
export interface RedisGuard {
  readonly state: 'up' | 'down';
  /** What the command returns; undefined if it failed, was too slow, or was not tried because Redis is away. */
  run<T>(command: () => Promise<T>): Promise<T | undefined>;
  /** To be told when the connection is lost, so that no command has to find out. */
  lost(error: Error): void;
  close(): void;
}

/** Pauses between two looks whether Redis is back. Unit: ms. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

/** Returns a guard; `ping` asks Redis for a sign of life. `timeoutMs`: a command slower than this has failed. */
export function createGuard(ping: () => Promise<unknown>, timeoutMs: number, events: GuardEvents): RedisGuard {
  let state: 'up' | 'down' = 'up';
  let refusing = false;
  let probe: NodeJS.Timeout | undefined;
  let closed = false;

  return {
    get state() {
      return state;
    },
    async run(command) {
      if (state === 'down' || closed) return undefined;
      try {
        const result = await inTime(command(), timeoutMs);
        if (refusing) {
          refusing = false;
          events.onAccepted();
        }
        return result;
      } catch (error) {
        if (isRefusal(error)) refused(error);
        else lost(error as Error);
        return undefined;
      }
    },
    lost,
    close() {
      closed = true;
      clearTimeout(probe);
    },
  };

  function lost(error: Error): void {
    if (state === 'down' || closed) return;
    state = 'down';
    events.onDown(error);
    look(FIRST_PAUSE_MS);
  }

  function look(pauseMs: number): void {
    probe = setTimeout(() => {
      inTime(ping(), timeoutMs).then(
        () => {
          state = 'up';
          if (!closed) events.onUp();
        },
        () => {
          if (!closed) look(Math.min(LONGEST_PAUSE_MS, pauseMs * 2));
        },
      );
    }, pauseMs).unref();
  }

  function refused(error: Error): void {
    if (!refusing) events.onRefused(error);
    refusing = true;
  }
}

/** Redis itself answered, with an error. */
function isRefusal(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ReplyError';
}

/** Rejects after the time; but a reply that has arrived meanwhile, while this process was busy, still counts. */
function inTime<T>(reply: Promise<T>, timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => setImmediate(() => reject(new Error(`Redis did not answer within ${timeoutMs} ms`))),
      timeoutMs,
    );
    reply.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
