/** Who waits, in the order in which they came; anyone may leave. What is done costs the same however long the line is. */
export interface Line<T> {
  readonly length: number;
  readonly first: T | undefined;
  readonly last: T | undefined;
  /** Puts one at the end. Returns the function that takes it out, wherever it stands by then; it may be called once. */
  join(value: T): () => void;
}

interface Place<T> {
  readonly value: T | undefined;
  before: Place<T>;
  after: Place<T>;
}

/** Returns a line in which nobody waits. */
export function createLine<T>(): Line<T> {
  /** A ring, closed by a place that nobody holds: behind it stands the first, before it the last. */
  const ends = { value: undefined } as Place<T>;
  ends.before = ends.after = ends;
  let length = 0;

  return {
    get length() {
      return length;
    },
    get first() {
      return ends.after.value;
    },
    get last() {
      return ends.before.value;
    },
    join(value) {
      const place: Place<T> = { value, before: ends.before, after: ends };
      ends.before = place.before.after = place;
      length += 1;
      return () => {
        place.before.after = place.after;
        place.after.before = place.before;
        length -= 1;
      };
    },
  };
}
