import type { Clock } from '../call/clock.js';
import type { AskOptions } from '../call/fetch-traces.js';

/**
 * Returns what the promise resolves with, or null once the request is aborted or its deadline is less than `marginMs` away
 * (ms). The deadline may move meanwhile.
 */
export async function beforeDeadline<T>(
  pending: Promise<T>,
  ask: AskOptions,
  clock: Clock,
  marginMs = 0,
): Promise<T | null> {
  let giveUp = (): void => undefined;
  const gaveUp = new Promise<null>((resolve) => (giveUp = () => resolve(null)));
  let timer: NodeJS.Timeout | undefined;
  const arm = (): void => {
    const { deadlineAt } = ask;
    if (deadlineAt === undefined) return;
    const end = (): void => (ask.deadlineAt === deadlineAt ? giveUp() : arm());
    timer = setTimeout(end, Math.max(0, deadlineAt - marginMs - clock.monotonic()));
  };
  arm();
  ask.signal?.addEventListener('abort', giveUp);
  try {
    return await Promise.race([pending, gaveUp]);
  } finally {
    clearTimeout(timer);
    ask.signal?.removeEventListener('abort', giveUp);
  }
}
