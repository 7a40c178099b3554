import { setTimeout as pause } from 'node:timers/promises';

/** Fulfils as soon as the condition holds; rejects, naming it, if it does not within 5 s. */
export async function until(condition: () => boolean): Promise<void> {
  const givesUpAt = Date.now() + 5000;
  while (!condition()) {
    if (Date.now() > givesUpAt) throw new Error(`never came true: ${condition.toString()}`);
    await pause(2);
  }
}
