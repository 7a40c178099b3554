/** Shares the turns of the event loop among the operations of this process, so that none of them delays the others for long. */
export interface Turns {
  /**
   * Returns undefined if the work may be done now, otherwise a promise that fulfils in the turn for it. Unit of work: fields
   * of an answer to complete, or steps of about the same duration (some 1 µs).
   */
  take(operation: object, fields: number): Promise<void> | undefined;
}

/** The work of one turn, some 8 ms; the last share of a turn may exceed it. Unit: fields. */
export const FIELDS_PER_TURN = 8_000;
/** Largest share, unless a single leg or call is larger. Unit: fields. */
export const FIELDS_PER_SHARE = FIELDS_PER_TURN / 2;

interface Share {
  readonly fields: number;
  readonly go: () => void;
}

/** Returns the turns of one process. Waiting operations are served round-robin, one share each. */
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
      if (shares.length > 0) waiting.set(operation, shares); // after the others: this loop reaches it again
      if (!share) continue;
      spend(share.fields);
      share.go();
    }
  }
}
