import type { Clock } from '../call/clock.js';
import type { AskOptions } from '../call/fetch-traces.js';

/** What the promise brings; null once the question is aborted, or its deadline, wherever that is by then, is so near (ms). */
export async function beforeDeadline<T>(
  coming: Promise<T>,
  ask: AskOptions,
  clock: Clock,
  marginMs = 0,
): Promise<T | null> {
  let leave = (): void => undefined;
  const left = new Promise<null>((resolve) => (leave = () => resolve(null)));
  let timer: NodeJS.Timeout | undefined;
  const arm = (): void => {
    const { deadlineAt } = ask;
    if (deadlineAt === undefined) return;
    const end = (): void => (ask.deadlineAt === deadlineAt ? leave() : arm());
    timer = setTimeout(end, Math.max(0, deadlineAt - marginMs - clock.monotonic()));
  };
  arm();
  ask.signal?.addEventListener('abort', leave);
  try {
    return await Promise.race([coming, left]);
  } finally {
    clearTimeout(timer);
    ask.signal?.removeEventListener('abort', leave);
  }
}
