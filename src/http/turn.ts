/** Calls what it is given at the end of this turn of the event loop. What it is given must not throw. */
export type AtEndOfTurn = (send: () => void) => void;

/**
 * Returns a function that runs all it was given in one turn of the event loop together, at its end. Replies sent so
 * follow each other closely: the first one wakes the process that reads them, and the others find it awake.
 * See docs/performance.md.
 */
export function createTurn(): AtEndOfTurn {
  let due: (() => void)[] = [];
  const sendAll = (): void => {
    const sends = due;
    due = [];
    for (const send of sends) send();
  };
  return (send) => {
    if (due.push(send) === 1) setImmediate(sendAll);
  };
}
