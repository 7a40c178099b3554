/** Shares the event loop among the operations of this process, so that none of them holds up the others for long. */
export interface Turns {
  /**
   * Undefined if so much may be done now; otherwise a promise that fulfils in the turn of the event loop in which it may.
   * Unit: fields of an answer to complete, or steps that take about as long (some 1 µs).
   */
  take(operation: object, fields: number): Promise<void> | undefined;
}

/** What is done in one turn before others get theirs: some 8 ms. The last share of a turn may exceed it. Unit: fields. */
export const FIELDS_PER_TURN = 8_000;
/** Most that is taken at a time, unless one leg or one call alone is more. Unit: fields. */
export const FIELDS_PER_SHARE = FIELDS_PER_TURN / 2;

interface Share {
  readonly fields: number;
  readonly go: () => void;
}

/** Returns turns in which nothing is done yet. Operations that wait are served one share after the other, each in its turn. */
export function createTurns(): Turns {
  const waiting = new Map<object, Share[]>();
  let left = FIELDS_PER_TURN;
  let isScheduled = false;

  return {
    take(operation, fields) {
      if (waiting.size === 0 && left > 0) return spend(fields);
      return new Promise((go) => {
        const shares = waiting.get(operation);
        if (shares) shares.push({ fields, go });
        else waiting.set(operation, [{ fields, go }]);
      });
    },
  };

  function spend(fields: number): undefined {
    left -= fields;
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(nextTurn);
  }

  function nextTurn(): void {
    isScheduled = false;
    left = FIELDS_PER_TURN;
    for (const [operation, shares] of waiting) {
      if (left <= 0) return;
      const share = shares.shift();
      waiting.delete(operation);
      if (shares.length > 0) waiting.set(operation, shares); // behind the others: the loop comes to it again
      if (!share) continue;
      spend(share.fields);
      share.go();
    }
  }
}
