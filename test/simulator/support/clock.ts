/** 2025-06-15T12:00:00Z: the middle of a month, in every zone. */
export const NOON = Date.UTC(2025, 5, 15, 12);

/** A clock that stands still until it is put forward. */
export function createClock(start: number = NOON) {
  let time = start;
  return {
    now: () => time,
    forward: (ms: number) => {
      time += ms;
    },
  };
}
