/** The longest time that `setTimeout` takes; it takes what is longer for 1 ms. Unit: ms. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;
