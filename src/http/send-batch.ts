/** Adds a send to the batch of this turn of the event loop. A send returns how many bytes it sent, and must not throw. */
export type SendBatch = (send: () => number) => void;

/** Once a turn has sent so much, the rest waits for the next: 50 answers of a megabyte would hold the event loop for 0.3 s. Unit: bytes. */
const MAX_TURN_BYTES = 1024 * 1024;

/**
 * Returns a batch that runs the sends of one turn of the event loop together, at the end of the turn. The replies then follow
 * each other closely: the first one wakes the receiving process, and the others need not.
 * See docs/performance.md.
 */
export function createSendBatch(): SendBatch {
  let pending: (() => number)[] = [];
  const sendAll = (): void => {
    const sends = pending;
    pending = [];
    let bytes = 0;
    let next = 0;
    for (; next < sends.length && bytes < MAX_TURN_BYTES; next += 1) bytes += sends[next]?.() ?? 0;
    if (next === sends.length) return;
    pending = [...sends.slice(next), ...pending];
    setImmediate(sendAll);
  };
  return (send) => {
    if (pending.push(send) === 1) setImmediate(sendAll);
  };
}
