/** Adds a send to the batch of this turn of the event loop. A send must not throw. */
export type SendBatch = (send: () => void) => void;

/**
 * Returns a batch that runs the sends of one turn of the event loop together, at the end of the turn. The replies then follow
 * each other closely: the first one wakes the receiving process, and the others need not.
 * See docs/performance.md.
 */
export function createSendBatch(): SendBatch {
  let pending: (() => void)[] = [];
  const sendAll = (): void => {
    const sends = pending;
    pending = [];
    for (const send of sends) send();
  };
  return (send) => {
    if (pending.push(send) === 1) setImmediate(sendAll);
  };
}
